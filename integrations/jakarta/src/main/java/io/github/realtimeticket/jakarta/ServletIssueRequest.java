// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A servlet request as an issuer sees it. Its own origin is that of the request's URL, which the container makes right behind a proxy
 * if it is told to.
 */
record ServletIssueRequest(HttpServletRequest request, Predicate<? super HttpServletRequest> csrfProof)
        implements IssueRequest {

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public @Nullable Origin ownOrigin() {
        return Origin.parse(request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort())
                .orElse(null);
    }

    @Override
    public boolean hasCsrfProof() {
        return hasParameters(request) && csrfProof.test(request);
    }

    @Override
    public boolean isReadable() {
        // A container reads a form whole to show a single parameter: not a stranger's.
        boolean ofStranger = request.getHeader("Content-Type") != null && request.getUserPrincipal() == null;
        return ofStranger || hasParameters(request);
    }

    /** Whether its query, and its form if it has one, can be read: containers say with an exception that one does not parse. */
    static boolean hasParameters(HttpServletRequest request) {
        try {
            return request.getParameterMap() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
