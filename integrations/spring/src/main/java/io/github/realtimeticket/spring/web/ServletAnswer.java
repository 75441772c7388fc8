// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.IssueAnswer;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes an issuer's answer to a request for a ticket (T12). */
final class ServletAnswer {

    private ServletAnswer() {}

    static void write(HttpServletResponse response, IssueAnswer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.US_ASCII);
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> {
            if (name.equals("Vary")) {
                response.addHeader(name, value);
            } else {
                response.setHeader(name, value);
            }
        });
        if (body.length > 0) {
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
        response.flushBuffer();
    }
}
