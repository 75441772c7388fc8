// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.TicketHolder;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The user names of the protocol's test vectors, in every script and with every awkward character. */
final class Names {

    /** What a user name of Django may have. */
    private static final int LONGEST = 150;

    private Names() {}

    /** As serve.py has them: the first is that of user number 1. */
    static List<String> all() {
        Set<String> names = new LinkedHashSet<>(List.of("alice"));
        JsonNode vectors = JsonMapper.shared().readTree(Path.of("..", "docs", "protocol-vectors.json"));
        vectors.required("values").forEach(value -> {
            String name = value.required("username").asString();
            if (name.codePointCount(0, name.length()) <= LONGEST) {
                names.add(name);
            }
        });
        return List.copyOf(names);
    }

    static TicketHolder holder(int number) {
        return TicketHolder.of(number, all().get(number - 1));
    }
}
