// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import io.github.realtimeticket.TicketHolder;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.util.RSocketProxy;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** What is served on a connection that a ticket has opened: whatever answers a request finds the ticket's holder in its context. */
final class OfHolder extends RSocketProxy {

    private final TicketHolder holder;

    OfHolder(RSocket served, TicketHolder holder) {
        super(served);
        this.holder = holder;
    }

    @Override
    public Mono<Void> fireAndForget(Payload payload) {
        return super.fireAndForget(payload).contextWrite(this::with);
    }

    @Override
    public Mono<Payload> requestResponse(Payload payload) {
        return super.requestResponse(payload).contextWrite(this::with);
    }

    @Override
    public Flux<Payload> requestStream(Payload payload) {
        return super.requestStream(payload).contextWrite(this::with);
    }

    @Override
    public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
        return super.requestChannel(payloads).contextWrite(this::with);
    }

    @Override
    public Mono<Void> metadataPush(Payload payload) {
        return super.metadataPush(payload).contextWrite(this::with);
    }

    private Context with(Context context) {
        return context.put(TicketHolder.class, holder);
    }
}
