// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What came of an attempt to open a WebSocket with a ticket.
 *
 * @param status 101 if it was opened
 * @param greeting the backend's first message; empty if it was refused
 */
record Connection(int status, String greeting) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Opens one from a page of this origin. */
    static Connection open(Backend backend, String ticket, String origin) throws Exception {
        var first = new CompletableFuture<String>();
        try {
            WebSocket socket = HTTP.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .header("Origin", origin)
                    .buildAsync(URI.create(backend.url() + "?ticket=" + ticket), new FirstMessage(first))
                    .join();
            try {
                return new Connection(101, first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            } finally {
                socket.abort();
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return new Connection(refused.getResponse().statusCode(), "");
            }
            throw e;
        }
    }

    private static final class FirstMessage implements WebSocket.Listener {

        private final CompletableFuture<String> whole;
        private final StringBuilder text = new StringBuilder();

        FirstMessage(CompletableFuture<String> whole) {
            this.whole = whole;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                whole.complete(text.toString());
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
