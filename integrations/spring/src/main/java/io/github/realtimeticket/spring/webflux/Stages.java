// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What core answers with, in Reactor's terms. For the packages of this module. */
public final class Stages {

    private Stages() {}

    /**
     * The outcome of a stage that is begun for each subscriber. An outcome that comes later goes on with a thread of Reactor's, since the
     * store's own thread is the one that all its answers come on. Whoever cancels is told nothing, and the stage goes on: what it does is
     * done once, and its listeners are to hear of it.
     *
     * <p>By {@code handle}, in which Reactor has put the trace of the request on the thread.
     */
    public static <T> Mono<T> mono(Supplier<? extends CompletionStage<T>> stage) {
        return Mono.just(stage)
                .<CompletableFuture<T>>handle(
                        (begin, sink) -> sink.next(begin.get().toCompletableFuture()))
                .flatMap(outcome -> {
                    Mono<T> mono = Mono.fromFuture(outcome, true);
                    return outcome.isDone() ? mono : mono.publishOn(Schedulers.parallel());
                });
    }
}
