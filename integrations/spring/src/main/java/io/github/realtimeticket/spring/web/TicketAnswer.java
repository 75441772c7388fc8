// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Ticket;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.io.JsonStringEncoder;

/** The JSON answers of the endpoint, which are those of the original. */
record TicketAnswer(int status, String body) {

    static TicketAnswer ok(Ticket ticket, Duration expire) {
        return new TicketAnswer(
                200,
                "{\"status\":\"ok\",\"message\":\"" + ticket.reveal() + "\",\"expires_in\":" + expire.toSeconds()
                        + "}");
    }

    static TicketAnswer error(int status, String detail, TicketEndpointSettings settings) {
        String message = settings.showDetails()
                ? new String(JsonStringEncoder.getInstance().quoteAsCharArray(detail))
                : message(status);
        return new TicketAnswer(status, "{\"status\":\"error\",\"message\":\"" + message + "\"}");
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 405 -> "method not allowed";
            case 429 -> "too many requests";
            case 503 -> "unavailable";
            default -> "error";
        };
    }

    void write(HttpServletResponse response) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
        response.flushBuffer();
    }
}
