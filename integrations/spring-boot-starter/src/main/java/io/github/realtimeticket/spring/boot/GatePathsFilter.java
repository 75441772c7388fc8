// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.web.ServletGate;
import io.github.realtimeticket.spring.web.ServletRefusal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Stands behind Spring Security and lets nothing through to a path of tickets that no gate has admitted, whichever security filter
 * chain the request went through, or none. Thread-safe.
 */
final class GatePathsFilter implements Filter {

    private final RequestMatcher paths;

    GatePathsFilter(RequestMatcher paths) {
        this.paths = paths;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean open = request.getDispatcherType() != DispatcherType.REQUEST
                || !paths.matches((HttpServletRequest) request)
                || ServletGate.admitted(request).isPresent();
        if (open) {
            chain.doFilter(request, response);
        } else {
            ServletRefusal.write((HttpServletResponse) response, Refusal.MISSING);
        }
    }
}
