// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to end: the outstanding tickets and the open connections of a login session, of a holder, or of one ticket (T16).
 *
 * <pre>{@code
 * Revocation.session(session.getId())
 * Revocation.holder(7).forbidden()
 * }</pre>
 *
 * @param kind what is named
 * @param id its name: that of the session, the holder's id as {@link TicketHolder#id()} has it, or the ticket's hash
 * @param code what connections are closed with: {@link #UNAUTHORIZED} or {@link #FORBIDDEN}
 */
public record Revocation(Kind kind, Object id, int code) {

    /** The WebSocket close code 3000: the client may ask for another ticket, and the issuing endpoint says whether it gets one (T17). */
    public static final int UNAUTHORIZED = 3000;

    /** The WebSocket close code 3003: the client is not to come back (T17). */
    public static final int FORBIDDEN = 3003;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** What a revocation can name. */
    public enum Kind {
        /** A login session, by {@link TicketLogin#session(String) its name}. */
        SESSION,
        /** A holder, by its id. */
        HOLDER,
        /** A ticket, by its {@linkplain Ticket#sha256() hash}. */
        TICKET;

        private String member() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is revoked, by its name.
     *
     * @throws IllegalArgumentException if the id is none of its kind, or so long that no ticket can have it, or the code neither of the two
     */
    public Revocation {
        id = switch (kind) {
            case SESSION -> TicketLogin.requireSession(id);
            case HOLDER -> requireHolder(id, code);
            case TICKET -> requireHash(id);
        };
        if (code != UNAUTHORIZED && code != FORBIDDEN) {
            throw new IllegalArgumentException("A revocation closes with " + UNAUTHORIZED + " or " + FORBIDDEN);
        }
    }

    /** Ends what belongs to the login session with this id, of which only the hash is kept. */
    public static Revocation session(String id) {
        return new Revocation(Kind.SESSION, TicketLogin.session(id), UNAUTHORIZED);
    }

    /**
     * Ends what belongs to the session that this identity provider names so: {@code iss} and {@code sid} of its tokens. Two providers may use
     * the same name.
     */
    public static Revocation session(String issuer, String id) {
        return new Revocation(Kind.SESSION, TicketLogin.session(issuer, id), UNAUTHORIZED);
    }

    /** Ends what the holder with this numeric id has. The id 1 is not the id "1" (T8). */
    public static Revocation holder(long id) {
        return new Revocation(Kind.HOLDER, id, UNAUTHORIZED);
    }

    /** Ends what the holder with this textual id has. The id "1" is not the id 1 (T8). */
    public static Revocation holder(String id) {
        return new Revocation(Kind.HOLDER, id, UNAUTHORIZED);
    }

    /** Ends what this holder has. */
    public static Revocation holder(TicketHolder holder) {
        return new Revocation(Kind.HOLDER, holder.id(), UNAUTHORIZED);
    }

    /** Ends the ticket with this {@linkplain Ticket#sha256() hash}, or the connection that it has opened. */
    public static Revocation ticket(String sha256) {
        return new Revocation(Kind.TICKET, sha256, UNAUTHORIZED);
    }

    /** Ends this connection, by the ticket that has opened it, and none else. */
    public static Revocation ticket(LiveConnection connection) {
        return ticket(connection.ticket().sha256());
    }

    /** The same, and the clients are told not to come back, as those of a user who is locked. */
    public Revocation forbidden() {
        return new Revocation(kind, id, FORBIDDEN);
    }

    /** The reason that goes with the code when a connection is closed: "unauthorized" or "forbidden". */
    public String reason() {
        return reason(code);
    }

    static String reason(int code) {
        return ErrorBody.message(code == FORBIDDEN ? 403 : 401);
    }

    /** The JSON that a feed carries, for readers in any language (T16). */
    public String json() {
        return json(kind, id, code);
    }

    private static String json(Kind kind, Object id, int code) {
        Map<String, Object> members = new LinkedHashMap<>(Map.of(kind.member(), id));
        if (code != UNAUTHORIZED) {
            members.put("code", (long) code);
        }
        return Json.text(members);
    }

    /**
     * Reads what {@link #json()} or another writer wrote; nothing if it is no revocation. A reader of a feed then says so, since something
     * was meant to end. A code that is not known is {@link #UNAUTHORIZED}.
     */
    public static Optional<Revocation> parse(String json) {
        try {
            return Json.members(json.getBytes(StandardCharsets.UTF_8)).flatMap(Revocation::read);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Revocation> read(Map<String, @Nullable Object> members) {
        int code = Long.valueOf(FORBIDDEN).equals(members.get("code")) ? FORBIDDEN : UNAUTHORIZED;
        List<Revocation> named = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (members.containsKey(kind.member())) {
                Object id = members.get(kind.member());
                if (id == null) {
                    return Optional.empty();
                }
                named.add(new Revocation(kind, id, code));
            }
        }
        // What names two things is no revocation of ours, and which of them was meant cannot be known.
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    private static Object requireHolder(Object id, int code) {
        Object known = JsonValues.id(id);
        if (json(Kind.HOLDER, known, code).getBytes(StandardCharsets.UTF_8).length > TicketValueCodec.MAXIMUM_BYTES) {
            throw new IllegalArgumentException("The id of a holder is too long: a revocation has at most "
                    + TicketValueCodec.MAXIMUM_BYTES + " bytes as JSON, as a ticket's value");
        }
        return known;
    }

    private static String requireHash(Object id) {
        if (!(id instanceof String text) || !HASH.matcher(text).matches()) {
            throw new IllegalArgumentException("A ticket is named by the 64 digits of its SHA-256");
        }
        return text;
    }

    /** With control characters escaped, fit for a log (T13). */
    @Override
    public String toString() {
        return "Revocation[" + kind + " " + JsonValues.escape(id.toString()) + ", " + code + "]";
    }
}
