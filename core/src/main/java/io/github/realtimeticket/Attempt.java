// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Begins what somebody else has written, and may fail before there is a stage that says so. */
final class Attempt {

    private Attempt() {}

    /** Fails as the operation does: by its stage, by throwing, or by having no stage. */
    static <T> CompletableFuture<T> at(Supplier<? extends CompletionStage<T>> operation) {
        try {
            return Objects.requireNonNull(operation.get(), "It answered null").toCompletableFuture();
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            return CompletableFuture.failedFuture(e);
        }
    }
}
