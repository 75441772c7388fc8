// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** What is answered to requests that are not passed on; the last answer on their connection. */
final class Answers {

    private Answers() {}

    static FullHttpResponse refused(Refusal reason) {
        FullHttpResponse answer = answer(HttpResponseStatus.valueOf(reason.status()), reason.body());
        reason.headers().forEach(answer.headers()::set);
        return answer;
    }

    /** To a request that should be a handshake and is none (RFC 9110 section 15.5.22). */
    static FullHttpResponse noHandshake() {
        FullHttpResponse answer = answer(HttpResponseStatus.UPGRADE_REQUIRED, Refusal.NO_HANDSHAKE.body());
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, "Upgrade, close");
        return answer;
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String body) {
        byte[] text = body.getBytes(StandardCharsets.US_ASCII);
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(text));
        answer.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, text.length);
        return answer;
    }
}
