// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.lang.Nullable;

/**
 * The connections of this process that tickets have opened, the latest first; and the place to revoke: a session by the name that is listed, a
 * holder by its id, or a ticket by the fingerprint that is listed.
 */
// Boot 3.5 knows no other @Nullable than this one, and asks for every parameter that has none.
@SuppressWarnings("deprecation")
@WebEndpoint(id = "realtimeconnections", defaultAccess = Access.NONE)
final class ConnectionsEndpoint {

    private static final int MOST = 1_000;
    private static final long PATIENCE_SECONDS = 10;

    // As long as core lets a number be.
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,999}");

    private static final String HIDDEN = "******";

    private final Collection<LiveConnections> connections;
    private final @Nullable Revocations revocations;
    private final Show users;
    private final Set<String> roles;

    ConnectionsEndpoint(List<Gate> gates, @Nullable Revocations revocations, Show users, Set<String> roles) {
        connections = gates.stream().map(Gate::connections).distinct().toList();
        this.revocations = revocations;
        this.users = users;
        this.roles = roles;
    }

    /**
     * What is listed.
     *
     * @param count how many connections there are
     * @param connections the latest of them
     */
    record Listed(int count, List<Listing> connections) {}

    /**
     * A connection.
     *
     * @param ticket the fingerprint of its ticket
     * @param session the name of its login session
     */
    record Listing(
            Object holder,
            String username,
            String ticket,
            @Nullable String session,
            Instant since,
            @Nullable Instant until) {}

    @ReadOperation
    Listed connections(SecurityContext asking, @Nullable Integer limit) {
        boolean shown = users.isShown(asking, roles);
        return new Listed(
                connections.stream().mapToInt(LiveConnections::count).sum(),
                connections.stream()
                        .flatMap(LiveConnections::stream)
                        .sorted(Comparator.comparing(LiveConnection::since).reversed())
                        .limit(limit == null ? MOST : Math.max(0, limit))
                        .map(connection -> listing(connection, shown))
                        .toList());
    }

    private static Listing listing(LiveConnection connection, boolean shown) {
        return new Listing(
                shown ? connection.holder().id() : HIDDEN,
                shown ? connection.holder().username() : HIDDEN,
                connection.fingerprint(),
                connection.session(),
                connection.since(),
                connection.until());
    }

    /**
     * Revokes one of the three: 204, 400 with the reason if it is not one, 404 if no connection here has the ticket, 503 if it could not be told
     * or there is nothing to tell.
     */
    @WriteOperation
    WebEndpointResponse<Map<String, String>> revoke(
            @Nullable String session, @Nullable String holder, @Nullable String ticket, @Nullable String forbidden) {
        if (Stream.of(session, holder, ticket).filter(Objects::nonNull).count() != 1) {
            return wrong("either session, holder or ticket must be there, as text or, of a holder, as a number");
        }
        if (forbidden != null && !forbidden.equalsIgnoreCase("true") && !forbidden.equalsIgnoreCase("false")) {
            return wrong("forbidden must be true or false");
        }
        List<Revocation> all;
        try {
            Stream<Revocation> named = named(session, holder, ticket);
            all = (Boolean.parseBoolean(forbidden) ? named.map(Revocation::forbidden) : named).toList();
        } catch (IllegalArgumentException e) {
            return wrong(
                    session == null
                            ? "holder must be the id of a user: not empty, and not longer than in a ticket"
                            : "session must be a name of the list, 1 to 64 hexadecimal digits");
        }
        if (all.isEmpty()) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        boolean told = all.stream().allMatch(this::tell);
        return new WebEndpointResponse<>(
                told ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
    }

    private static WebEndpointResponse<Map<String, String>> wrong(String reason) {
        return new WebEndpointResponse<>(
                Map.of("status", "error", "message", reason), WebEndpointResponse.STATUS_BAD_REQUEST);
    }

    private Stream<Revocation> named(@Nullable String session, @Nullable String holder, @Nullable String ticket) {
        if (session != null) {
            return Stream.of(new Revocation(Revocation.Kind.SESSION, session, Revocation.UNAUTHORIZED));
        }
        return holder != null ? holders(holder) : tickets(ticket);
    }

    // Actuator hands on a number as its text, so which of the two was meant is not known.
    private static Stream<Revocation> holders(String holder) {
        Stream<Object> ids =
                NUMBER.matcher(holder).matches() ? Stream.of(new BigInteger(holder), holder) : Stream.of(holder);
        return ids.map(id -> new Revocation(Revocation.Kind.HOLDER, id, Revocation.UNAUTHORIZED));
    }

    private Stream<Revocation> tickets(@Nullable String fingerprint) {
        return connections.stream()
                .flatMap(LiveConnections::stream)
                .filter(connection -> connection.fingerprint().equals(fingerprint))
                .map(Revocation::ticket);
    }

    private boolean tell(Revocation revocation) {
        if (revocations == null) {
            return false;
        }
        try {
            revocations
                    .revoke(revocation)
                    .toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }
}
