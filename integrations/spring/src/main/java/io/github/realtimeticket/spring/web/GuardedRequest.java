// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * The request as the filters between the guard and the endpoint see it. Its path is the configured one however it was spelled,
 * since the patterns of an application's security rules tell apart spellings that the container does not. A forward to an error
 * page goes nowhere, because the container would finish the response after it. For one request, not thread-safe.
 */
final class GuardedRequest extends HttpServletRequestWrapper {

    private final String path;

    GuardedRequest(HttpServletRequest request, String path) {
        super(request);
        this.path = path;
        // Somebody before may have kept the path as it was spelled.
        ServletRequestPathUtils.clearParsedRequestPath(request);
    }

    @Override
    public String getRequestURI() {
        return getContextPath() + path;
    }

    @Override
    public StringBuffer getRequestURL() {
        StringBuffer url = super.getRequestURL();
        url.setLength(url.length() - super.getRequestURI().length());
        return url.append(getRequestURI());
    }

    @Override
    public String getServletPath() {
        return path;
    }

    @Override
    public @Nullable String getPathInfo() {
        return null;
    }

    @Override
    public RequestDispatcher getRequestDispatcher(String path) {
        return new Nowhere();
    }

    private static final class Nowhere implements RequestDispatcher {
        @Override
        public void forward(ServletRequest request, ServletResponse response) {}

        @Override
        public void include(ServletRequest request, ServletResponse response) {}
    }
}
