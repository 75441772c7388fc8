// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.csrf.DeferredCsrfToken;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;

/** Compares a request's CSRF token with the one that Spring Security expects, as it is or masked as in forms. */
final class CsrfTokens {

    private static final List<CsrfTokenRequestHandler> WAYS =
            List.of(new XorCsrfTokenRequestAttributeHandler(), new CsrfTokenRequestAttributeHandler());

    private CsrfTokens() {}

    static boolean isCarriedBy(HttpServletRequest request) {
        if (!(request.getAttribute(DeferredCsrfToken.class.getName()) instanceof DeferredCsrfToken deferred)) {
            return false;
        }
        CsrfToken expected = deferred.get();
        return WAYS.stream().anyMatch(way -> {
            String sent = way.resolveCsrfTokenValue(request, expected);
            return sent != null && MessageDigest.isEqual(bytes(sent), bytes(expected.getToken()));
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
