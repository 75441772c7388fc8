// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingServerCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcChatTest {

    private final RemoteStore store = new RemoteStore();
    private final Revocations revocations = Revocations.inMemory();
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
        var ticket = MetadataUtils.newAttachHeadersInterceptor(metadata(issue(TicketBinding.none())));
        Channel client = ClientInterceptors.intercept(channel, ticket);

        Iterator<String> events =
                ClientCalls.blockingServerStreamingCall(client, GrpcChat.LISTEN, CallOptions.DEFAULT, "lobby");
        assertThat(events).toIterable().containsExactly("Hello alice", "This is lobby");

        Iterator<String> again =
                ClientCalls.blockingServerStreamingCall(client, GrpcChat.LISTEN, CallOptions.DEFAULT, "lobby");
        assertThatThrownBy(again::next).hasMessage("UNAUTHENTICATED: unauthorized");
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
            String ticket = issue(TicketBinding.none());
            if (asked.getAndIncrement() == 0) {
                store.down();
            }
            return CompletableFuture.completedFuture(ticket);
        }));

        Iterator<String> events = ClientCalls.blockingServerStreamingCall(channel, GrpcChat.LISTEN, options, "lobby");

        assertThat(events).toIterable().containsExactly("Hello alice", "This is lobby");
        assertThat(asked).hasValue(2);
    }

    @Test
    void theStoreMayBeInRedis() throws Exception {
        stop();
        try (var redis = new Redis();
                var remote = RedisTicketStore.builder(redis.uri())
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            start(remote);
            String ticket = issue(remote, TicketBinding.none());

            assertThat(listen(ticket)).containsExactly("Hello alice", "This is lobby", "OK");
            assertThat(listen(ticket)).containsExactly("UNAUTHENTICATED: unauthorized");
        }
    }

    @Test
    void t4_ofFiftyRacersOneIsAdmitted() throws Exception {
        String ticket = issue(TicketBinding.none());
        store.hold();

        List<CompletableFuture<List<String>>> racers =
                IntStream.range(0, 50).mapToObj(racer -> call(metadata(ticket))).toList();
        for (int racer = 0; racer < racers.size(); racer++) {
            store.awaitTake();
        }
        store.up();

        assertThat(racers)
                .map(CompletableFuture::join)
                .filteredOn(said -> said.contains("OK"))
                .hasSize(1);
    }

    @Test
    void whoHasNoTicketOrTwoIsRefused() {
        String one = issue(TicketBinding.none());
        String two = issue(TicketBinding.none());

        assertThat(listen()).containsExactly("UNAUTHENTICATED: unauthorized");
        assertThat(listen("garbage")).containsExactly("UNAUTHENTICATED: unauthorized");
        assertThat(listen(one, two)).containsExactly("UNAUTHENTICATED: unauthorized");
        assertThat(listen(one)).contains("OK");
    }

    @Test
    void aCallThatMeetsItsGateTwiceUsesUpOneTicketAndAnotherGateLetsNobodyInForThat() throws Exception {
        ServerCalls.ServerStreamingMethod<String, String> listen = (room, events) -> events.onCompleted();
        var gate = new GrpcChat.TicketInterceptor(GrpcChat.gate(store, revocations));
        var another = new GrpcChat.TicketInterceptor(GrpcChat.gate(store, revocations));

        stop();
        start(serving(listen, gate, new Wrapping(), gate));
        assertThat(listen(issue(TicketBinding.none()))).containsExactly("OK");

        stop();
        start(serving(listen, another, gate));
        assertThat(listen(issue(TicketBinding.none()))).containsExactly("UNAUTHENTICATED: unauthorized");
    }

    @Test
    void t9_aTicketForAnotherAudienceOrFromAnotherOriginIsRefused() {
        String elsewhere = issue(TicketBinding.none().withAudience("billing"));
        String page = issue(TicketBinding.none().withOrigin("https://app.example"));
        var foreign = metadata(page);
        foreign.put(key("origin"), "https://evil.example");

        assertThat(listen(elsewhere)).containsExactly("PERMISSION_DENIED: forbidden");
        assertThat(listen(foreign)).containsExactly("PERMISSION_DENIED: forbidden");
    }

    @Test
    void t5_nobodyIsLetInWhileTheStoreIsDown() {
        String ticket = issue(TicketBinding.none());
        store.down();

        assertThat(listen(ticket)).containsExactly("UNAVAILABLE: unavailable");
    }

    @Test
    void aStoreThatIsSilentDoesNotTakeAllTheThreads() throws Exception {
        String ticket = issue(TicketBinding.none());
        store.hold();
        List<CompletableFuture<List<String>>> waiting =
                IntStream.range(0, 64).mapToObj(call -> call(metadata(ticket))).toList();
        for (int call = 0; call < waiting.size(); call++) {
            store.awaitTake();
        }

        assertThat(call(metadata(ticket)).get(30, TimeUnit.SECONDS)).containsExactly("UNAVAILABLE: unavailable");
        store.up();

        assertThat(waiting)
                .map(CompletableFuture::join)
                .filteredOn(said -> said.contains("OK"))
                .hasSize(1);
    }

    @Test
    void theServerServesOthersWhileTheStoreIsAsked() throws Exception {
        String ticket = issue(TicketBinding.none());
        store.hold();

        CompletableFuture<List<String>> waiting = call(metadata(ticket));
        store.awaitTake();
        assertThat(listen()).containsExactly("UNAUTHENTICATED: unauthorized");
        store.up();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).contains("OK");
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedIsNotServed() throws Exception {
        String ticket = issue(TicketBinding.none());
        Queue<String> served = new ConcurrentLinkedQueue<>();
        var gone = new CountDownLatch(1);
        stop();
        Gate gate = GrpcChat.gate(store, revocations);
        start(serving((room, events) -> served.add(room), new GrpcChat.TicketInterceptor(gate), new Watch(gone)));
        store.hold();
        ClientCall<String, String> call = channel.newCall(GrpcChat.LISTEN, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, metadata(ticket));
        call.sendMessage("lobby");
        call.halfClose();
        store.awaitTake();

        call.cancel("gone", null);
        assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        store.up();

        assertThat(listen(ticket)).containsExactly("UNAUTHENTICATED: unauthorized");
        server.shutdown().awaitTermination(30, TimeUnit.SECONDS);
        assertThat(served).isEmpty();
        assertThat(gate.connections().count()).isZero();
    }

    @Test
    void t16_aStreamEndsWithTheLogin() throws Exception {
        Gate gate = GrpcChat.gate(store, revocations);
        Queue<StreamObserver<String>> streams = startLasting(gate);

        CompletableFuture<List<String>> first = call(metadata(issue(TicketBinding.none())));
        eventually(() -> streams.size() == 1);
        assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
        assertThat(first.get(30, TimeUnit.SECONDS)).containsExactly("Hello", "UNAUTHENTICATED: unauthorized");

        Tickets knowing = Tickets.builder(store).revocations(revocations).build();
        CompletableFuture<List<String>> second = call(metadata(knowing.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal()));
        eventually(() -> streams.size() == 2);
        assertThat(revocations.revoke(Revocation.holder(1).forbidden())).isCompleted();
        assertThat(second.get(30, TimeUnit.SECONDS)).containsExactly("Hello", "PERMISSION_DENIED: forbidden");

        eventually(() -> gate.connections().count() == 0);
        streams.forEach(stream -> stream.onNext("too late"));
    }

    @Test
    void t17_aStreamEndsAtItsDeadline() throws Exception {
        Gate gate = Gate.builder(Tickets.of(store))
                .carrier(TicketCarrier.header())
                .maximumAge(Duration.ofSeconds(1))
                .build();
        Queue<StreamObserver<String>> unused = startLasting(gate);

        assertThat(call(metadata(issue(TicketBinding.none()))).get(30, TimeUnit.SECONDS))
                .last()
                .isEqualTo("UNAUTHENTICATED: unauthorized");
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void t16_aStreamThatEndsByItselfOrIsLeftIsForgotten() throws Exception {
        Gate gate = GrpcChat.gate(store, revocations);
        Queue<StreamObserver<String>> streams = startLasting(gate);

        CompletableFuture<List<String>> finished = call(metadata(issue(TicketBinding.none())));
        eventually(() -> streams.size() == 1);
        assertThat(gate.connections().count()).isOne();
        streams.remove().onCompleted();
        assertThat(finished.get(30, TimeUnit.SECONDS)).containsExactly("Hello", "OK");
        eventually(() -> gate.connections().count() == 0);

        CompletableFuture<List<String>> left = call(metadata(issue(TicketBinding.none())));
        eventually(() -> streams.size() == 1);
        channel.shutdownNow();
        assertThat(left.get(30, TimeUnit.SECONDS)).last().asString().startsWith("UNAVAILABLE");
        eventually(() -> gate.connections().count() == 0);
    }

    /** Starts a server whose streams last. */
    private Queue<StreamObserver<String>> startLasting(Gate gate) throws Exception {
        Queue<StreamObserver<String>> streams = new ConcurrentLinkedQueue<>();
        stop();
        start(serving(
                (room, events) -> {
                    events.onNext("Hello");
                    streams.add(events);
                },
                new GrpcChat.TicketInterceptor(gate)));
        return streams;
    }

    /** A server that answers calls like this, the last of these interceptors being the first that is asked. */
    static Server serving(ServerCalls.ServerStreamingMethod<String, String> listen, ServerInterceptor... interceptors) {
        ServerServiceDefinition chat = ServerServiceDefinition.builder("Chat")
                .addMethod(GrpcChat.LISTEN, ServerCalls.asyncServerStreamingCall(listen))
                .build();
        return NettyServerBuilder.forPort(0)
                .addService(ServerInterceptors.intercept(chat, interceptors))
                .build();
    }

    /** As interceptors do that count or trace calls. */
    private static final class Wrapping implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return next.startCall(new ForwardingServerCall.SimpleForwardingServerCall<>(call) {}, headers);
        }
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void start(TicketStore tickets) throws Exception {
        start(GrpcChat.server(GrpcChat.gate(tickets, revocations), 0));
    }

    private void start(Server unstarted) throws Exception {
        server = unstarted.start();
        channel = channel().build();
    }

    private NettyChannelBuilder channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext();
    }

    private String issue(TicketBinding binding) {
        return issue(store, binding);
    }

    private static String issue(TicketStore store, TicketBinding binding) {
        return Tickets.of(store)
                .issue(TicketHolder.of(1, "alice"), binding)
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private List<String> listen(String... tickets) {
        return listen(metadata(tickets));
    }

    private List<String> listen(Metadata metadata) {
        return call(metadata).join();
    }

    /** What the server said, and its status. */
    private CompletableFuture<List<String>> call(Metadata metadata) {
        var said = new CompletableFuture<List<String>>();
        ClientCall<String, String> call = channel.newCall(GrpcChat.LISTEN, CallOptions.DEFAULT);
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
        call.request(10);
        call.sendMessage("lobby");
        call.halfClose();
        return said;
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

    static Metadata metadata(String... tickets) {
        var metadata = new Metadata();
        for (String ticket : tickets) {
            metadata.put(key("realtime-ticket"), ticket);
        }
        return metadata;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Sees a call end that its client has left. */
    private record Watch(CountDownLatch gone) implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Context.current().addListener(ended -> gone.countDown(), Runnable::run);
            return next.startCall(call, headers);
        }
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
