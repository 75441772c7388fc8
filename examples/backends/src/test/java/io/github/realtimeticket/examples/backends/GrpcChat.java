// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
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
import java.util.List;
import java.util.stream.StreamSupport;

/** A whole server in gRPC: a ticket in the metadata opens a stream, which greets its holder. */
final class GrpcChat {

    /** Generated code has this of a method {@code rpc listen (Text) returns (stream Text)}. */
    static final MethodDescriptor<String, String> LISTEN = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodType.SERVER_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName("Chat", "listen"))
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    /** Who has admitted a call. */
    private static final Context.Key<Gate> GATE = Context.key("gate");

    /** Whose call it is, in every method of every service. */
    private static final Context.Key<TicketHolder> USER = Context.key("user");

    private GrpcChat() {}

    static Gate gate(TicketStore store, Revocations revocations) {
        var tickets = Tickets.builder(new BoundedTicketStore(store))
                .revocations(revocations)
                .build();
        return Gate.builder(tickets).carrier(TicketCarrier.header()).build();
    }

    static Server server(Gate gate, int port) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(ServerServiceDefinition.builder("Chat")
                        .addMethod(LISTEN, ServerCalls.asyncServerStreamingCall(GrpcChat::listen))
                        .build())
                .intercept(new TicketInterceptor(gate))
                .build();
    }

    private static void listen(String room, StreamObserver<String> events) {
        events.onNext("Hello " + USER.get().username());
        events.onNext("This is " + room);
        events.onCompleted();
    }

    /** Admits calls by ticket. gRPC asks it in threads that may wait, unless the server has a direct executor. */
    record TicketInterceptor(Gate gate) implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (gate.equals(GATE.get())) {
                return next.startCall(call, headers);
            }
            var opening = ConnectionRequest.of(null, name -> values(headers, name));
            Admission admission = gate.admit(opening).toCompletableFuture().join();
            return admission.fold(
                    admitted -> {
                        var open = new OpenCall<>(call);
                        LiveConnection connection =
                                admitted.opened((code, reason) -> open.close(status(code, reason), new Metadata()));
                        Context.current().addListener(over -> connection.ended(), Runnable::run);
                        Context ours = Context.current().withValues(GATE, gate, USER, admitted.holder());
                        return Contexts.interceptCall(ours, open, headers, next);
                    },
                    refused -> {
                        Refusal reason = refused.reason();
                        call.close(status(reason.status(), reason.message()), new Metadata());
                        return new ServerCall.Listener<Q>() {};
                    });
        }

        private static List<String> values(Metadata headers, String name) {
            Iterable<String> values = headers.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
            return values == null
                    ? List.of()
                    : StreamSupport.stream(values.spliterator(), false).toList();
        }

        /** What gRPC has for a status of HTTP, and for a close code. */
        private static Status status(int code, String description) {
            Status status =
                    switch (code) {
                        case 400 -> Status.INVALID_ARGUMENT;
                        case 401, Revocation.UNAUTHORIZED -> Status.UNAUTHENTICATED;
                        case 403, Revocation.FORBIDDEN -> Status.PERMISSION_DENIED;
                        default -> Status.UNAVAILABLE;
                    };
            return status.withDescription(description);
        }
    }

    /** A call that may be ended while its service sends; what the service sends then is dropped. */
    private static final class OpenCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private boolean closed;

        OpenCall(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!closed) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                super.close(status, trailers);
            }
        }
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
        server(gate(store, store.revocations()), Integer.parseInt(args[1]))
                .start()
                .awaitTermination();
    }
}
