// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where in a connection request the ticket travels (T10). A gate has exactly one carrier and looks nowhere else.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface TicketCarrier {

    /** The query parameter {@code ticket}: works everywhere, {@code EventSource} included, and is seen by access logs. */
    static TicketCarrier query() {
        return query("ticket");
    }

    /** A query parameter of this name. */
    static TicketCarrier query(String parameter) {
        return new Query(parameter);
    }

    /**
     * A WebSocket subprotocol {@code ticket.<ticket>}, offered beside the application's own, which is the one that the server
     * echoes (RFC 6455 section 4.1). Stays out of access logs.
     */
    static TicketCarrier subprotocol() {
        return subprotocol("ticket.");
    }

    /** A WebSocket subprotocol that starts with this prefix. */
    static TicketCarrier subprotocol(String prefix) {
        return new Subprotocol(prefix);
    }

    /** The header field {@code Realtime-Ticket}, for programs and for {@code fetch}; browsers' own WebSocket cannot set it. */
    static TicketCarrier header() {
        return header("Realtime-Ticket");
    }

    /** A header field of this name, whose whole value is the ticket. */
    static TicketCarrier header(String name) {
        return new Header(name);
    }

    /** Every text that stands where a ticket is carried, in order; empty if there is none. */
    List<String> find(ConnectionRequest request);

    /** The WebSocket subprotocols that the request offers, in order, without one that carries a ticket. */
    default List<String> subprotocols(ConnectionRequest request) {
        return offered(request);
    }

    private static List<String> offered(ConnectionRequest request) {
        List<String> lines = request.headers("Sec-WebSocket-Protocol");
        return lines.isEmpty()
                ? List.of()
                : Pattern.compile(",")
                        .splitAsStream(String.join(",", lines))
                        .map(String::strip)
                        .filter(protocol -> !protocol.isEmpty())
                        .toList();
    }

    /** A query parameter. */
    record Query(String parameter) implements TicketCarrier {

        /** Checks the name. */
        public Query {
            Names.require("query parameter", parameter);
        }

        @Override
        public List<String> find(ConnectionRequest request) {
            String query = request.query();
            List<String> found = new ArrayList<>(1);
            if (query != null) {
                for (String pair : query.split("&", -1)) {
                    int equals = pair.indexOf('=');
                    if (parameter.equals(decode(equals < 0 ? pair : pair.substring(0, equals)))) {
                        found.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
                    }
                }
            }
            return found;
        }

        // Decoded, so that no spelling of the name hides a second ticket from us that a proxy or an application would
        // see.
        private static String decode(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return text;
            }
        }
    }

    /** A WebSocket subprotocol. */
    record Subprotocol(String prefix) implements TicketCarrier {

        /** Checks the prefix. */
        public Subprotocol {
            Names.require("subprotocol prefix", prefix);
        }

        @Override
        public List<String> find(ConnectionRequest request) {
            return TicketCarrier.offered(request).stream()
                    .filter(protocol -> protocol.startsWith(prefix))
                    .map(protocol -> protocol.substring(prefix.length()))
                    .toList();
        }

        @Override
        public List<String> subprotocols(ConnectionRequest request) {
            return TicketCarrier.offered(request).stream()
                    .filter(protocol -> !protocol.startsWith(prefix))
                    .toList();
        }
    }

    /** A header field. */
    record Header(String name) implements TicketCarrier {

        /** Checks the name. */
        public Header {
            Names.require("header", name);
        }

        @Override
        public List<String> find(ConnectionRequest request) {
            return List.copyOf(request.headers(name));
        }
    }
}
