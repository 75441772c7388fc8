// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import io.github.realtimeticket.fixtures.Application;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.rsocket.DuplexConnection;
import io.rsocket.Payload;
import io.rsocket.frame.ErrorFrameCodec;
import io.rsocket.frame.FrameHeaderCodec;
import io.rsocket.frame.FrameType;
import io.rsocket.frame.PayloadFrameCodec;
import io.rsocket.frame.RequestResponseFrameCodec;
import io.rsocket.frame.SetupFrameCodec;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.util.DefaultPayload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;

/** A client of RSocket over WebSocket that sends its frames when it is told to, and no {@code Origin} that it is not told. */
final class Peer implements AutoCloseable {

    /** What {@link #next()} answers at the end. */
    static final String CLOSED = "closed";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    // More than a test lasts: it sends no keep-alive frame.
    private static final int LIFETIME = 300_000;

    private final DuplexConnection connection;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private int stream = -1;

    /** Opens a WebSocket here with these lines of {@code Origin}. */
    Peer(Application application, String target, String... origins) {
        HttpClient http = HttpClient.create()
                .host("127.0.0.1")
                .port(application.port())
                .doOnChannelInit((observer, channel, server) ->
                        channel.pipeline().addAfter(NettyPipeline.HttpCodec, "origins", new Origins(List.of(origins))));
        WebsocketClientTransport transport = WebsocketClientTransport.create(http, target);
        connection = transport.connect().blockOptional(PATIENCE).orElseThrow();
        Disposable unused = connection
                .receive()
                .subscribe(frame -> answers.add(text(frame)), fault -> answers.add(CLOSED), () -> answers.add(CLOSED));
    }

    /** Sends a setup frame. */
    void setup(Payload payload) {
        connection.sendFrame(
                0,
                SetupFrameCodec.encode(
                        ByteBufAllocator.DEFAULT,
                        false,
                        LIFETIME,
                        LIFETIME,
                        WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString(),
                        WellKnownMimeType.TEXT_PLAIN.getString(),
                        payload));
    }

    /** Sends one with this ticket. */
    void setup(String ticket) {
        setup(DefaultPayload.create(ticket));
    }

    /** Asks who its user is. */
    void ask() {
        stream += 2;
        connection.sendFrame(
                stream,
                RequestResponseFrameCodec.encode(
                        ByteBufAllocator.DEFAULT, stream, false, route("name"), Unpooled.EMPTY_BUFFER));
    }

    /** Awaits the next answer: what it says, or the word of a rejected setup, or {@value #CLOSED}. */
    String next() throws InterruptedException {
        String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("No answer came");
        }
        return answer;
    }

    @Override
    public void close() {
        connection.dispose();
    }

    static ByteBuf route(String name) {
        return TaggingMetadataCodec.createRoutingMetadata(ByteBufAllocator.DEFAULT, List.of(name))
                .getContent();
    }

    /** Netty's handshake has the server's address as one. */
    private static final class Origins extends ChannelOutboundHandlerAdapter {

        private final List<String> origins;

        Origins(List<String> origins) {
            this.origins = origins;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpRequest request) {
                request.headers().set("Origin", origins);
            }
            ChannelFuture unused = context.write(message, promise);
        }
    }

    private static String text(ByteBuf frame) {
        if (FrameHeaderCodec.frameType(frame) != FrameType.ERROR) {
            return PayloadFrameCodec.data(frame).toString(StandardCharsets.UTF_8);
        }
        boolean rejected = ErrorFrameCodec.errorCode(frame) == ErrorFrameCodec.REJECTED_SETUP;
        return (rejected ? "rejected: " : "failed: ") + ErrorFrameCodec.dataUtf8(frame);
    }
}
