// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection request that came from nowhere, with header fields by the names that are asked for. */
record Connecting(@Nullable String query, Map<String, List<String>> fields) implements ConnectionRequest {

    static Connecting with(@Nullable String query) {
        return new Connecting(query, Map.of());
    }

    static Connecting with(@Nullable String query, String header, String... lines) {
        return new Connecting(query, Map.of(header, List.of(lines)));
    }

    @Override
    public List<String> headers(String name) {
        return fields.getOrDefault(name, List.of());
    }
}
