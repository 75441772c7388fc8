// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Cross-origin answers, with credentials, to the origins that are allowed by name and to no other (Fetch, section 3.2). */
final class Cors {

    private Cors() {}

    static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
    }

    static void answer(
            HttpServletRequest request,
            HttpServletResponse response,
            TicketEndpointSettings settings,
            RequestOrigin origin) {
        if (settings.allowedOrigins().isEmpty()) {
            return;
        }
        response.addHeader("Vary", "Origin");
        if (origin != RequestOrigin.ALLOWED) {
            return;
        }
        response.setHeader("Access-Control-Allow-Origin", RequestOrigin.header(request));
        response.setHeader("Access-Control-Allow-Credentials", "true");
        if (isPreflight(request)) {
            response.setHeader("Access-Control-Allow-Methods", "POST");
            String headers = request.getHeader("Access-Control-Request-Headers");
            if (headers != null) {
                response.setHeader("Access-Control-Allow-Headers", headers);
            }
            response.setHeader("Access-Control-Max-Age", "600");
        }
    }
}
