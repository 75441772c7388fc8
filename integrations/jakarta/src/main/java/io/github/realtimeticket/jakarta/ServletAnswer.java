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

    private ServletAnswer() {}

    static void write(HttpServletResponse response, IssueAnswer answer) throws IOException {
        answer.writeHeaders(response::setHeader, response::addHeader);
        write(response, answer.status(), answer.body());
    }

    static void write(HttpServletResponse response, Refusal reason) throws IOException {
        reason.headers().forEach(response::setHeader);
        write(response, reason.status(), reason.body());
    }

    /**
     * The same, unless a page includes what is refused: it goes on without, since an include can set neither a status nor a header (Jakarta
     * Servlet 6.1, section 9.3).
     */
    static void write(HttpServletRequest request, HttpServletResponse response, Refusal reason) throws IOException {
        if (request.getDispatcherType() != DispatcherType.INCLUDE) {
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
