// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What is answered to requests that are not passed on (T11, T12). A refusal is the last answer on its connection. */
final class Answers {

    private Answers() {}

    static FullHttpResponse issued(IssueAnswer said, HttpVersion asked, boolean keepAlive) {
        FullHttpResponse answer = answer(said.status(), said.headers(), said.body());
        // A client of HTTP/1.0 must be told that it may stay, and every other that it may not (RFC 9112 section 9.3).
        HttpUtil.setKeepAlive(answer.headers(), keepAlive ? asked : answer.protocolVersion(), keepAlive);
        return answer;
    }

    static FullHttpResponse refused(Refusal reason) {
        FullHttpResponse answer = answer(reason.status(), reason.headers(), reason.body());
        HttpUtil.setKeepAlive(answer, false);
        return answer;
    }

    private static FullHttpResponse answer(int status, Map<String, String> headers, String body) {
        byte[] text = body.getBytes(StandardCharsets.US_ASCII);
        var answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(text));
        headers.forEach(answer.headers()::set);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, text.length);
        return answer;
    }
}
