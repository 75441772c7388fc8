// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Netty request as an issuer sees it.
 *
 * @param isWhole whether Netty could decode it, and its body is not too long
 */
record NettyIssueRequest(
        HttpRequest request,
        boolean isWhole,
        Function<? super HttpRequest, Optional<Origin>> origin,
        Predicate<? super HttpRequest> csrfProof)
        implements IssueRequest {

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    @Override
    public @Nullable Origin ownOrigin() {
        return origin.apply(request).orElse(null);
    }

    @Override
    public boolean hasCsrfProof() {
        return csrfProof.test(request);
    }

    @Override
    public boolean isReadable() {
        try {
            return isWhole && new QueryStringDecoder(request.uri()).parameters() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
