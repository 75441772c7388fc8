// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Refusal;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes a refusal as an answer to the connection request (T11). */
public final class ServletRefusal {

    private ServletRefusal() {}

    /** Writes the status, the headers and the body, which are the same for every reason behind one status. */
    public static void write(HttpServletResponse response, Refusal reason) throws IOException {
        byte[] body = reason.body().getBytes(StandardCharsets.US_ASCII);
        response.setStatus(reason.status());
        reason.headers().forEach(response::setHeader);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
