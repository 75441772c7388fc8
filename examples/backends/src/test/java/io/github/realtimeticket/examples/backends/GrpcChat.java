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
import org.jspecify.annotations.Nullable;

/** A whole server in gRPC: a ticket in the metadata opens a stream, which greets its holder. */
final class GrpcChat {

    /** Generated code has this of a method {@code rpc listen (Text) returns (stream Text)}. */
    static final MethodDescriptor<String, String> LISTEN = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodType.SERVER_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName("Chat", "listen"))
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

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
            Admission admission =
                    gate.admit(new CallRequest(headers)).toCompletableFuture().join();
            if (admission instanceof Admission.Admitted admitted) {
                var open = new OpenCall<>(call);
                LiveConnection connection = admitted.opened(open::end);
                Context.current().addListener(over -> connection.ended(), Runnable::run);
                return Contexts.interceptCall(
                        Context.current().withValue(USER, admitted.holder()), open, headers, next);
            }
            Refusal reason = admission instanceof Admission.Refused refused ? refused.reason() : Refusal.FAILED;
            Status status =
                    switch (reason.status()) {
                        case 400 -> Status.INVALID_ARGUMENT;
                        case 401 -> Status.UNAUTHENTICATED;
                        case 403 -> Status.PERMISSION_DENIED;
                        default -> Status.UNAVAILABLE;
                    };
            call.close(status.withDescription(reason.message()), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }

    /** A call that may be ended while its service sends; what the service sends then is dropped. */
    private static final class OpenCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private boolean closed;

        OpenCall(ServerCall<Q, A> call) {
            super(call);
        }

        void end(int code, String reason) {
            Status status = code == Revocation.FORBIDDEN ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED;
            close(status.withDescription(reason), new Metadata());
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

    /** What the gate sees of a call: its metadata are the headers of a request of HTTP/2. */
    private record CallRequest(Metadata metadata) implements ConnectionRequest {

        @Override
        public @Nullable String query() {
            return null;
        }

        @Override
        public List<String> headers(String name) {
            Iterable<String> values = metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
            return values == null
                    ? List.of()
                    : StreamSupport.stream(values.spliterator(), false).toList();
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
