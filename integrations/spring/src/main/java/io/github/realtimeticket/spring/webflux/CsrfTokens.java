// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Compares a request's CSRF token with the one that Spring Security expects, each as it is or masked as in forms. */
final class CsrfTokens {

    private static final String EXPECTED = "org.springframework.security.web.server.csrf.CsrfToken";

    private CsrfTokens() {}

    /** Never empty. A request without the right token has none, and so has one whose body does not parse. */
    static Mono<Boolean> isCarriedBy(ServerWebExchange exchange) {
        // Without the attribute, Spring Security may not even be on the class path.
        return exchange.getAttribute(EXPECTED) instanceof Mono<?> expected
                ? expected.cast(CsrfToken.class)
                        .flatMap(token -> new ServerCsrfTokenRequestAttributeHandler()
                                .resolveCsrfTokenValue(exchange, token)
                                .onErrorComplete(RuntimeException.class)
                                .map(sent -> isSame(sent, token.getToken())))
                        .defaultIfEmpty(false)
                : Mono.just(false);
    }

    private static boolean isSame(String sent, String expected) {
        List<byte[]> known = forms(expected);
        return forms(sent).stream()
                .anyMatch(form -> known.stream().anyMatch(other -> MessageDigest.isEqual(form, other)));
    }

    /** The text as it is, and what is under the mask if it is what Spring Security masks with: {@code base64(mask + (mask ^ token))}. */
    private static List<byte[]> forms(String text) {
        byte[] asItIs = text.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] masked = Base64.getUrlDecoder().decode(text);
            byte[] token = Arrays.copyOfRange(masked, masked.length / 2, masked.length);
            for (int i = 0; i < token.length; i++) {
                token[i] ^= masked[i];
            }
            return masked.length % 2 == 0 ? List.of(asItIs, token) : List.of(asItIs);
        } catch (IllegalArgumentException e) {
            return List.of(asItIs);
        }
    }
}
