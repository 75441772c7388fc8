// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes what an issuer or a gate has decided as the answer to a request (T11, T12). */
public final class ExchangeAnswer {

    private ExchangeAnswer() {}

    /** Writes an issuer's answer. */
    public static Mono<Void> write(ServerWebExchange exchange, IssueAnswer answer) {
        return write(
                exchange, answer.status(), headers -> answer.writeHeaders(headers::set, headers::add), answer.body());
    }

    /** Writes what a gate answers, which is the same for every reason behind one status. */
    public static Mono<Void> write(ServerWebExchange exchange, Refusal reason) {
        return write(exchange, reason.status(), headers -> reason.headers().forEach(headers::set), reason.body());
    }

    private static Mono<Void> write(ServerWebExchange exchange, int status, Consumer<HttpHeaders> fields, String body) {
        ServerHttpResponse response = exchange.getResponse();
        return Mono.defer(() -> {
            if (!response.setStatusCode(HttpStatusCode.valueOf(status))) {
                return Mono.empty();
            }
            HttpHeaders headers = response.getHeaders();
            fields.accept(headers);
            if (body.isEmpty()) {
                return response.setComplete();
            }
            byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
            headers.setContentLength(bytes.length);
            return response.writeWith(
                    Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
        });
    }
}
