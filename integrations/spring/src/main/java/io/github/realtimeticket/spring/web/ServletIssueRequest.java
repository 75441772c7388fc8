// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.IssueRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A servlet request as an issuer sees it. Its own origin is that of the request's URL, which {@code server.forward-headers-strategy}
 * makes right behind a proxy; its CSRF proof is the token that Spring Security expects, even where the application's CSRF protection
 * ignores the path.
 *
 * @param request the request for a ticket
 */
public record ServletIssueRequest(HttpServletRequest request) implements IssueRequest {

    private static final String CSRF_PROTECTION = "org.springframework.security.web.csrf.DeferredCsrfToken";

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public String ownOrigin() {
        String scheme = request.getScheme().toLowerCase(Locale.ROOT);
        int port = request.getServerPort();
        boolean usual = (scheme.equals("https") && port == 443) || (scheme.equals("http") && port == 80);
        return scheme + "://" + request.getServerName().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }

    @Override
    public boolean hasCsrfProof() {
        // Without the attribute, Spring Security may not even be on the class path.
        return request.getAttribute(CSRF_PROTECTION) != null && CsrfTokens.isCarriedBy(request);
    }
}
