// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

/** Messages of GraphQL over WebSocket. */
final class Messages {

    private Messages() {}

    static String init(String ticket) {
        return initWith("{\"ticket\":\"" + ticket + "\"}");
    }

    /** With this JSON as its payload. */
    static String initWith(String payload) {
        return "{\"type\":\"connection_init\",\"payload\":" + payload + "}";
    }

    static String subscribe(String id, String document) {
        return "{\"id\":\"" + id + "\",\"type\":\"subscribe\",\"payload\":{\"query\":\"" + document + "\"}}";
    }
}
