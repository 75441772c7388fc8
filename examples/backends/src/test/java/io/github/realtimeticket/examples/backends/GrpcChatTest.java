// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcChatTest {

    private final RemoteStore store = new RemoteStore();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        start(store);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void aTicketOpensOneStreamForItsHolder() {
        assertOpensOneStream(store);
    }

    @Test
    void theStoreMayBeInRedis() throws Exception {
        stop();
        try (var redis = new Redis();
                var remote = RedisTicketStore.builder(redis.uri())
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            start(remote);

            assertOpensOneStream(remote);
        }
    }

    @Test
    void aClientHasANewTicketForEachCall() {
        CallOptions options = CallOptions.DEFAULT.withCallCredentials(new TicketCredentials(
                () -> Tickets.of(store).issue(TicketHolder.of(1, "alice")).thenApply(ticket -> ticket.reveal())));

        for (int call = 0; call < 2; call++) {
            Iterator<String> events =
                    ClientCalls.blockingServerStreamingCall(channel, GrpcChat.LISTEN, options, "lobby");
            assertThat(events).toIterable().containsExactly("Hello alice", "This is lobby");
        }
    }

    @Test
    void aCallThatIsTriedAgainHasAnotherTicket() {
        channel.shutdownNow();
        channel = channel().defaultServiceConfig(retried()).build();
        var asked = new AtomicInteger();
        CallOptions options = CallOptions.DEFAULT.withCallCredentials(new TicketCredentials(() -> {
            store.up();
            String ticket = issue(store);
            if (asked.getAndIncrement() == 0) {
                store.down();
            }
            return CompletableFuture.completedFuture(ticket);
        }));

        Iterator<String> events = ClientCalls.blockingServerStreamingCall(channel, GrpcChat.LISTEN, options, "lobby");

        assertThat(events).toIterable().containsExactly("Hello alice", "This is lobby");
        assertThat(asked).hasValue(2);
    }

    private void assertOpensOneStream(TicketStore tickets) {
        var ticket = MetadataUtils.newAttachHeadersInterceptor(metadata(issue(tickets)));
        Channel client = ClientInterceptors.intercept(channel, ticket);

        Iterator<String> events =
                ClientCalls.blockingServerStreamingCall(client, GrpcChat.LISTEN, CallOptions.DEFAULT, "lobby");
        assertThat(events).toIterable().containsExactly("Hello alice", "This is lobby");

        Iterator<String> again =
                ClientCalls.blockingServerStreamingCall(client, GrpcChat.LISTEN, CallOptions.DEFAULT, "lobby");
        assertThatThrownBy(again::next).hasMessage("UNAUTHENTICATED: unauthorized");
    }

    private void start(TicketStore tickets) throws Exception {
        server = GrpcChat.server(Gate.of(tickets), 0).start();
        channel = channel().build();
    }

    private NettyChannelBuilder channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext();
    }

    private static String issue(TicketStore store) {
        return Tickets.of(store)
                .issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private static Map<String, ?> retried() {
        var policy = Map.of(
                "maxAttempts",
                2.0,
                "initialBackoff",
                "0.01s",
                "maxBackoff",
                "0.01s",
                "backoffMultiplier",
                1.0,
                "retryableStatusCodes",
                List.of("UNAVAILABLE"));
        return Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy)));
    }

    static Metadata metadata(String ticket) {
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("realtime-ticket", Metadata.ASCII_STRING_MARSHALLER), ticket);
        return metadata;
    }

    /** How a client brings a ticket: gRPC asks for it before each call. */
    private static final class TicketCredentials extends CallCredentials {

        private final Supplier<CompletionStage<String>> tickets;

        TicketCredentials(Supplier<CompletionStage<String>> tickets) {
            this.tickets = tickets;
        }

        @Override
        public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
            var unused = tickets.get().whenComplete((ticket, fault) -> {
                if (fault == null) {
                    applier.apply(metadata(ticket));
                } else {
                    applier.fail(Status.UNAUTHENTICATED.withCause(fault));
                }
            });
        }
    }
}
