// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.concurrent.CompletableFuture;

/** A stage of somebody else's making, which has no future to give, as {@link #toCompletableFuture} allows. */
final class Foreign<T> extends CompletableFuture<T> {

    static <T> Foreign<T> stage(T answer) {
        var stage = new Foreign<T>();
        boolean unused = stage.complete(answer);
        return stage;
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        throw new UnsupportedOperationException();
    }
}
