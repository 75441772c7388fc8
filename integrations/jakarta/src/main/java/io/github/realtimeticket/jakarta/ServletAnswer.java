// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes what an issuer or a gate has decided as the answer to a request (T11, T12). */
final class ServletAnswer {

    private static final int UPGRADE_REQUIRED = 426;

    private ServletAnswer() {}

    static void write(HttpServletResponse response, IssueAnswer answer) throws IOException {
        answer.writeHeaders(response::setHeader, response::addHeader);
        write(response, answer.status(), answer.body());
    }

    static void write(HttpServletResponse response, Refusal reason) throws IOException {
        write(response, reason.status(), reason);
    }

    private static void write(HttpServletResponse response, int status, Refusal reason) throws IOException {
        reason.headers().forEach(response::setHeader);
        write(response, status, reason.body());
    }

    /**
     * The same, unless a page includes what is refused: it goes on without, since an include can set neither a status nor a header (Jakarta
     * Servlet 6.1, section 9.3).
     */
    static void write(HttpServletRequest request, HttpServletResponse response, Refusal reason) throws IOException {
        if (request.getDispatcherType() == DispatcherType.INCLUDE) {
            return;
        }
        // HTTP/2 knows neither of the two header fields (RFC 9113 section 8.2.2), and HTTP/1.0 no upgrade.
        if (reason == Refusal.NO_HANDSHAKE && request.getProtocol().equals("HTTP/1.1")) {
            // RFC 9110 section 15.5.22.
            response.setHeader("Upgrade", "websocket");
            response.setHeader("Connection", "Upgrade");
            write(response, UPGRADE_REQUIRED, reason);
        } else {
            write(response, reason);
        }
    }

    private static void write(HttpServletResponse response, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        response.setStatus(status);
        if (bytes.length > 0) {
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }
        response.flushBuffer();
    }
}
