// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.grpc.TicketInterceptor;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.lettuce.core.RedisURI;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A whole server in gRPC: a ticket in the metadata opens a stream, which greets its holder. */
final class GrpcChat {

    /** Generated code has this of a method {@code rpc listen (Text) returns (stream Text)}. */
    static final MethodDescriptor<String, String> LISTEN = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodType.SERVER_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName("Chat", "listen"))
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private GrpcChat() {}

    static Server server(Gate gate, int port) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(ServerServiceDefinition.builder("Chat")
                        .addMethod(LISTEN, ServerCalls.asyncServerStreamingCall(GrpcChat::listen))
                        .build())
                .intercept(TicketInterceptor.of(gate))
                .addStreamTracerFactory(TicketInterceptor.cutting())
                .build();
    }

    private static void listen(String room, StreamObserver<String> events) {
        Admitted admitted = TicketInterceptor.admitted();
        events.onNext("Hello " + admitted.holder().username());
        events.onNext("This is " + room);
        events.onCompleted();
    }

    /** Takes the place of generated messages here. */
    private static final class Text implements MethodDescriptor.Marshaller<String> {

        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        var store = RedisTicketStore.connect(RedisURI.create(args[0]));
        Gate gate =
                Gate.of(Tickets.builder(store).revocations(store.revocations()).build());
        server(gate, Integer.parseInt(args[1])).start().awaitTermination();
    }
}
