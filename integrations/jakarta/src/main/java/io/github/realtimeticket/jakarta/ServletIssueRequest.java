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
        return csrfProof.test(request);
    }

    @Override
    public boolean isReadable() {
        try {
            return request.getParameterMap() != null;
        } catch (RuntimeException e) {
            // As containers say that a query or a form does not parse, or has too many fields.
            return false;
        }
    }
}
