// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** A gRPC server on a free port of loopback with a method of each kind, which remembers what it serves; and a client of it. */
final class ChatServer implements AutoCloseable {

    static final MethodDescriptor<String, String> GREET = method("greet", MethodType.UNARY);
    static final MethodDescriptor<String, String> LISTEN = method("listen", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<String, String> COUNT = method("count", MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<String, String> TALK = method("talk", MethodType.BIDI_STREAMING);

    /** Who does what, in order. */
    final Queue<String> served = new ConcurrentLinkedQueue<>();

    /** What listens until it is ended. */
    final Queue<Stream> streams = new ConcurrentLinkedQueue<>();

    final Server server;
    final ManagedChannel channel;

    record Stream(ServerCallStreamObserver<String> events, Context context) {}

    /** The last of these interceptors is the first that is asked. */
    ChatServer(UnaryOperator<NettyServerBuilder> settings, ServerInterceptor... interceptors) throws IOException {
        ServerServiceDefinition chat = ServerServiceDefinition.builder("Chat")
                .addMethod(GREET, ServerCalls.asyncUnaryCall(this::greet))
                .addMethod(LISTEN, ServerCalls.asyncServerStreamingCall(this::listen))
                .addMethod(COUNT, ServerCalls.asyncClientStreamingCall(this::count))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(this::talk))
                .build();
        server = settings.apply(
                        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .addService(ServerInterceptors.intercept(chat, interceptors))
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    private void greet(String text, StreamObserver<String> answer) {
        does("greets in " + Thread.currentThread().getName());
        answer.onNext("Hello " + user());
        answer.onCompleted();
    }

    private void listen(String room, StreamObserver<String> events) {
        does("listens");
        var stream = (ServerCallStreamObserver<String>) events;
        stream.setOnCancelHandler(() -> does("has left"));
        stream.onNext("Hello " + user());
        streams.add(new Stream(stream, Context.current()));
    }

    private StreamObserver<String> count(StreamObserver<String> answer) {
        var texts = new ArrayList<String>();
        return new StreamObserver<>() {
            @Override
            public void onNext(String text) {
                texts.add(text);
            }

            @Override
            public void onError(Throwable fault) {
                does("has left");
            }

            @Override
            public void onCompleted() {
                answer.onNext(user() + " says " + texts.size());
                answer.onCompleted();
            }
        };
    }

    private StreamObserver<String> talk(StreamObserver<String> answers) {
        does("talks in " + Thread.currentThread().getName());
        answers.onNext("Hello " + user());
        return new StreamObserver<>() {
            @Override
            public void onNext(String text) {
                does("says " + text + " in " + Thread.currentThread().getName());
                answers.onNext(user() + " says " + text);
            }

            @Override
            public void onError(Throwable fault) {
                does("has left");
            }

            @Override
            public void onCompleted() {
                answers.onNext("Bye " + user());
                answers.onCompleted();
            }
        };
    }

    private void does(String what) {
        served.add(user() + " " + what);
    }

    private static String user() {
        return TicketInterceptor.admitted().holder().username();
    }

    /** What the server says to a client that says this and no more, and its status. */
    CompletableFuture<List<String>> call(
            MethodDescriptor<String, String> method, Metadata metadata, Iterable<String> texts) {
        var said = new CompletableFuture<List<String>>();
        ClientCall<String, String> call = open(method, metadata, said);
        texts.forEach(call::sendMessage);
        call.halfClose();
        return said;
    }

    /** A call in which the client has not spoken yet. */
    ClientCall<String, String> open(
            MethodDescriptor<String, String> method, Metadata metadata, CompletableFuture<List<String>> said) {
        ClientCall<String, String> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    private final List<String> events = new ArrayList<>();

                    @Override
                    public void onMessage(String event) {
                        events.add(event);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        events.add(status.isOk() ? "OK" : status.getCode() + ": " + status.getDescription());
                        said.complete(events);
                    }
                },
                metadata);
        call.request(Integer.MAX_VALUE);
        return call;
    }

    static Metadata metadata(String... tickets) {
        var metadata = new Metadata();
        for (String ticket : tickets) {
            metadata.put(key("realtime-ticket"), ticket);
        }
        return metadata;
    }

    static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("Chat", name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

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
}
