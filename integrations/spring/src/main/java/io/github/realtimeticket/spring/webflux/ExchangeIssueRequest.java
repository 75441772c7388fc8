// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import io.github.realtimeticket.spring.web.KnownRevision;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * A reactive request as an issuer sees it. Its own origin is that of the request's URL, which {@code server.forward-headers-strategy}
 * makes right behind a proxy.
 *
 * @param exchange the request for a ticket
 * @param hasReadableForm what was found out about its form
 * @param hasCsrfProof what was found out about its CSRF token
 */
record ExchangeIssueRequest(ServerWebExchange exchange, boolean hasReadableForm, boolean hasCsrfProof)
        implements IssueRequest {

    /** One of which neither was found out. */
    ExchangeIssueRequest(ServerWebExchange exchange) {
        this(exchange, true, false);
    }

    @Override
    public String method() {
        return exchange.getRequest().getMethod().name();
    }

    @Override
    public List<String> headers(String name) {
        return exchange.getRequest().getHeaders().getOrEmpty(name);
    }

    @Override
    public @Nullable Origin ownOrigin() {
        URI uri = exchange.getRequest().getURI();
        return Origin.parse(uri.getScheme() + "://" + uri.getRawAuthority()).orElse(null);
    }

    @Override
    public boolean isReadable() {
        try {
            return hasReadableForm && exchange.getRequest().getQueryParams() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public @Nullable String revision(@Nullable String now) {
        return KnownRevision.in(exchange.getAttribute(KnownRevision.ATTRIBUTE), now);
    }
}
