// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Ticket;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.core.io.JsonStringEncoder;

/** The JSON answers of the endpoint, which are those of the original. */
record TicketAnswer(int status, String body) {

    private static final String KEPT = TicketAnswer.class.getName();

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

    /** Keeps an answer that is still to come for the dispatch that writes it. */
    static void keep(HttpServletRequest request, CompletableFuture<TicketAnswer> answer) {
        request.setAttribute(KEPT, answer);
    }

    /** Writes the answer that an earlier dispatch of this request has kept; false if there is none. */
    static boolean writeKept(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(KEPT) instanceof CompletableFuture<?> kept
                && kept.join() instanceof TicketAnswer answer) {
            answer.write(response);
            return true;
        }
        return false;
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
