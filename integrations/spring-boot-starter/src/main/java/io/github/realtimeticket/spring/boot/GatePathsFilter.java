// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.web.ServletAnswer;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Stands behind Spring Security and lets nothing through to a path of tickets that no gate has admitted, whichever security filter
 * chain the request went through, or none. Thread-safe.
 */
final class GatePathsFilter implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger(GatePathsFilter.class);
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final RequestMatcher paths;
    private final Gate gate;
    private final AtomicLong said = new AtomicLong(System.nanoTime() - PAUSE);

    GatePathsFilter(RequestMatcher paths, Gate gate) {
        this.paths = paths;
        this.gate = gate;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        if (!paths.matches(asked) || ServletGate.admitted(request).isPresent()) {
            chain.doFilter(request, response);
            return;
        }
        warn(asked.getRequestURI());
        // Its ticket, if it has one, is not used up: no chain would make a user of it.
        Admission refused =
                gate.admit(new WithoutTicket()).toCompletableFuture().join();
        ServletAnswer.write((HttpServletResponse) response, ((Admission.Refused) refused).reason());
    }

    private void warn(String path) {
        long last = said.get();
        long now = System.nanoTime();
        if (now - last >= PAUSE && said.compareAndSet(last, now)) {
            LOG.warn(
                    "{} is refused, though of {}: it went through another security filter chain than that of the tickets, or none",
                    path,
                    OnGatePaths.PROPERTY);
        }
    }

    /** What the gate is to see, so that it logs and counts the refusal as any other. */
    private record WithoutTicket() implements ConnectionRequest {

        @Override
        public @Nullable String query() {
            return null;
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }
    }
}
