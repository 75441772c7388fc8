// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes what an issuer or a gate has decided as the answer to a request (T11, T12). */
final class ServletAnswer {

    private ServletAnswer() {}

    static void write(HttpServletResponse response, IssueAnswer answer) throws IOException {
        write(response, answer.status(), answer.headers(), answer.body());
    }

    static void write(HttpServletResponse response, Refusal reason) throws IOException {
        write(response, reason.status(), reason.headers(), reason.body());
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

    private static void write(HttpServletResponse response, int status, Map<String, String> headers, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        response.setStatus(status);
        headers.forEach((name, value) -> {
            if (name.equals("Vary")) {
                response.addHeader(name, value);
            } else {
                response.setHeader(name, value);
            }
        });
        if (bytes.length > 0) {
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }
        response.flushBuffer();
    }
}
