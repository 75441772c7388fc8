// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The first message of a session, which brings the ticket, as a gate sees it. For the packages of this module. */
public final class FirstMessage {

    /** What a message has the ticket in. */
    public static final String TICKET = "ticket";

    private FirstMessage() {}

    /**
     * One, and the request that opened its session.
     *
     * @param origins the lines of {@code Origin} in that request
     * @param tickets what the message has where a ticket can be: for the gate, a header {@value #TICKET}
     * @param refusal why it is refused whatever its ticket, or {@code null}
     */
    public static ConnectionRequest of(List<String> origins, List<String> tickets, @Nullable Refusal refusal) {
        return ConnectionRequest.of(
                null,
                name -> switch (name.toLowerCase(Locale.ROOT)) {
                    case TICKET -> tickets;
                    case "origin" -> origins;
                    default -> List.of();
                },
                refusal);
    }

    /** Each line of {@code Origin} as it came: what else reads the headers differs in Spring Framework 6 and 7, or splits at commas. */
    public static List<String> origins(HttpHeaders headers) {
        List<String> origins = new ArrayList<>(1);
        headers.forEach((name, lines) -> {
            if (name.equalsIgnoreCase("Origin")) {
                origins.addAll(lines);
            }
        });
        return origins;
    }
}
