// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import io.github.realtimeticket.Revocations;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.util.HttpHostResolver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of Micronaut as an issuer sees it.
 *
 * <p><b>Security:</b> its own origin is that of Micronaut's host, which believes {@code Forwarded} and {@code X-Forwarded-*} of everybody unless
 * {@code micronaut.server.host-resolution} is set.
 */
record MicronautIssueRequest(HttpRequest<?> request, HttpHostResolver hosts, TicketGrants grants)
        implements IssueRequest {

    private static final String NOTED = MicronautIssueRequest.class.getName();

    private record Noted(@Nullable String revision) {}

    /** Notes what is revoked before anything reads the user. */
    static void note(HttpRequest<?> request, Revocations revocations) {
        request.setAttribute(NOTED, new Noted(revocations.knownRevision().orElse(null)));
    }

    @Override
    public String method() {
        return request.getMethodName();
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getAll(name);
    }

    @Override
    public @Nullable Origin ownOrigin() {
        try {
            return Origin.parse(whole(hosts.resolve(request))).orElse(null);
        } catch (RuntimeException e) {
            // What a client has written is no host to Micronaut.
            return null;
        }
    }

    // Micronaut (4.10) cuts an IPv6 address at its first colon.
    private String whole(String origin) {
        int host = origin.indexOf("://") + "://".length();
        String sent = request.getHeaders().get("Host");
        boolean isCut = origin.startsWith("[", host) && !origin.contains("]");
        return isCut && sent != null && sent.startsWith(origin.substring(host))
                ? origin.substring(0, host) + sent
                : origin;
    }

    @Override
    public boolean hasCsrfProof() {
        return grants.hasCsrfProof(request);
    }

    @Override
    public @Nullable String revision(@Nullable String now) {
        Noted noted = request.getAttribute(NOTED, Noted.class).orElse(null);
        return noted == null ? now : noted.revision();
    }
}
