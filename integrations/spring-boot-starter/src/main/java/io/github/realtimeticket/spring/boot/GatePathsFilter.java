// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.web.ServletAnswer;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Stands behind Spring Security and lets nothing through to a path of tickets that no gate has admitted, whichever security filter
 * chain the request went through, or none. Thread-safe.
 *
 * @param paths those of tickets
 * @param gate theirs
 * @param refusal what is said to whoever has not been admitted
 */
record GatePathsFilter(RequestMatcher paths, ServletGate gate, GatePathsRefusal refusal) implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        if (isOfError(request) || !isOfTickets(asked) || isAdmitted(asked)) {
            chain.doFilter(request, response);
            return;
        }
        ServletAnswer.write(asked, (HttpServletResponse) response, refusal.of(asked.getRequestURI()));
    }

    // The gate of another security filter chain may have let a request in to what it asks for, but to nothing that it
    // is forwarded to.
    private boolean isAdmitted(HttpServletRequest request) {
        boolean asked =
                switch (request.getDispatcherType()) {
                    case REQUEST -> true;
                    case ASYNC -> request.getRequestURI().equals(request.getAttribute(AsyncContext.ASYNC_REQUEST_URI));
                    default -> false;
                };
        return gate.hasAdmitted(request)
                || (asked && ServletGate.admitted(request).isPresent());
    }

    // An error's page opens no connection, and may be forwarded to.
    private static boolean isOfError(ServletRequest request) {
        return request.getDispatcherType() != DispatcherType.REQUEST
                && request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
    }

    private boolean isOfTickets(HttpServletRequest request) {
        // In a forward, what Spring MVC has noted is the path of the request that it forwards.
        Object noted = request.getAttribute(ServletRequestPathUtils.PATH_ATTRIBUTE);
        ServletRequestPathUtils.parseAndCache(request);
        try {
            return paths.matches(request);
        } finally {
            request.setAttribute(ServletRequestPathUtils.PATH_ATTRIBUTE, noted);
        }
    }
}
