// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** WebSockets as a page opens them. */
final class Sockets {

    private static final int PATIENCE_SECONDS = 20;

    private Sockets() {}

    /** The first text message that a server sends, after it was sent these; "closed" if it hangs up instead. */
    static String firstMessage(URI uri, String origin, String... texts) throws Exception {
        var message = new CompletableFuture<String>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(uri, new FirstMessage(message))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            for (String text : texts) {
                socket.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            return message.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    /** The status with which a server refuses to open a WebSocket. */
    static int refusal(URI uri, String origin) throws Exception {
        try {
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(uri, new WebSocket.Listener() {})
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .abort();
            throw new AssertionError("It is open");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    private record FirstMessage(CompletableFuture<String> message) implements WebSocket.Listener {

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            message.complete(text.toString());
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            message.complete("closed");
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable fault) {
            message.completeExceptionally(fault);
        }
    }
}
