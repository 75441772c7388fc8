// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A servlet request as an issuer sees it. Its own origin is that of the request's URL, which {@code server.forward-headers-strategy}
 * makes right behind a proxy; its CSRF proof is the token that Spring Security expects, even where the application's CSRF protection
 * ignores the path.
 *
 * @param request the request for a ticket
 * @param readable whether it can be read as far as is known
 */
record ServletIssueRequest(HttpServletRequest request, boolean readable) implements IssueRequest {

    private static final String CSRF_PROTECTION = "org.springframework.security.web.csrf.DeferredCsrfToken";

    ServletIssueRequest(HttpServletRequest request) {
        this(request, true);
    }

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
        // Without the attribute, Spring Security may not even be on the class path.
        return request.getAttribute(CSRF_PROTECTION) != null && CsrfTokens.isCarriedBy(request);
    }

    @Override
    public boolean isReadable() {
        try {
            // Containers read a form whole to show a parameter, some of them one of any length: not a stranger's.
            return readable && (request.getUserPrincipal() == null || request.getParameterMap() != null);
        } catch (RuntimeException e) {
            // As containers say that a form does not parse, or has too many fields.
            return false;
        }
    }

    @Override
    public @Nullable String revision(@Nullable String now) {
        return KnownRevision.in(request.getAttribute(KnownRevision.ATTRIBUTE), now);
    }
}
