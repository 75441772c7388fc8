// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/**
 * The request as the filters between the guard and the endpoint see it: a forward to an error page goes nowhere, because the
 * container would finish the response after it. For one request, not thread-safe.
 */
final class GuardedRequest extends HttpServletRequestWrapper {

    GuardedRequest(HttpServletRequest request) {
        super(request);
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
