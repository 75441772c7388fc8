// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Issuer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers requests for a ticket whose body cannot be taken apart as multipart: with 400, if nothing else is wrong with them. Spring MVC
 * reads parts before it looks for a handler, and would call it a fault of the server.
 *
 * <p>A bean; Spring MVC finds it. Thread-safe.
 */
public final class UnreadableRequests implements HandlerExceptionResolver, Ordered {

    private final TicketEndpointPath path;
    private final Issuer issuer;

    /** For requests on this path, which this issuer answers. */
    public UnreadableRequests(TicketEndpointPath path, Issuer issuer) {
        this.path = Objects.requireNonNull(path, "path");
        this.issuer = Objects.requireNonNull(issuer, "issuer");
    }

    /** Before those of the application. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception fault) {
        if (!(fault instanceof MultipartException) || !TicketEndpointFilter.isFor(path, request)) {
            return null;
        }
        try {
            ServletAnswer.write(
                    response,
                    issuer.issue(new ServletIssueRequest(request, false), Optional::empty)
                            .toCompletableFuture()
                            .join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }
}
