// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.grpc.CallScenarios.await;
import static io.github.realtimeticket.grpc.ChatServer.GREET;
import static io.github.realtimeticket.grpc.ChatServer.LISTEN;
import static io.github.realtimeticket.grpc.ChatServer.TALK;
import static io.github.realtimeticket.grpc.ChatServer.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TicketInterceptorTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private static final String UNAUTHENTICATED = "UNAUTHENTICATED: unauthorized";

    private final RemoteStore store = new RemoteStore();
    private final Revocations revocations = Revocations.inMemory();
    private final Queue<TicketEvent> events = new ConcurrentLinkedQueue<>();
    private final Tickets tickets = Tickets.builder(store)
            .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
            .revocations(revocations)
            .listener(events::add)
            .build();
    private final Gate gate = Gate.of(tickets);
    private final ExecutorService executor = Executors.newSingleThreadExecutor(run -> new Thread(run, "of the server"));
    private final Watch watch = new Watch();
    private ChatServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        executor.shutdownNow();
    }

    @Test
    void noThreadOfTheServerWaitsForTheStore() throws Exception {
        startWith(builder -> builder.executor(executor), TicketInterceptor.of(gate));

        assertThatOthersAreServedWhileAHundredWait();
    }

    @Test
    void theEventLoopDoesNotWaitForTheStore() throws Exception {
        startWith(NettyServerBuilder::directExecutor, TicketInterceptor.of(gate));

        assertThatOthersAreServedWhileAHundredWait();
    }

    private void assertThatOthersAreServedWhileAHundredWait() throws InterruptedException {
        List<String> issued = IntStream.range(0, 100).mapToObj(call -> issue()).toList();
        store.hold();

        List<CompletableFuture<List<String>>> waiting = issued.stream()
                .map(ticket -> server.call(GREET, metadata(ticket), List.of("Hi")))
                .toList();
        watch.awaitPassed(waiting.size());
        assertThat(call(metadata())).containsExactly(UNAUTHENTICATED);
        store.up();

        assertThat(waiting).map(CallScenarios::await).allMatch(List.of("Hello alice", "OK")::equals);
    }

    @Test
    void messagesWaitForTheStoreAndKeepTheirOrder() throws Exception {
        start(TicketInterceptor.of(gate));
        List<String> texts = IntStream.range(0, 500).mapToObj(i -> "text " + i).toList();
        List<String> expected = new ArrayList<>(List.of("Hello alice"));
        texts.forEach(text -> expected.add("alice says " + text));
        expected.addAll(List.of("Bye alice", "OK"));

        assertThat(callWhileHeld(texts)).isEqualTo(expected);
    }

    @Test
    void whoeverHasSaidAllBeforeTheStoreAnswersIsServed() throws Exception {
        start(TicketInterceptor.of(gate));

        assertThat(callWhileHeld()).containsExactly("Hello alice", "Bye alice", "OK");
    }

    @Test
    void messagesAreHandledInTheServersThreadsAndTheBeginningInThoseThatAreGiven() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor(run -> new Thread(run, "of the interceptor"));
        try {
            startWith(builder -> builder.executor(executor), new Dawdling(), TicketInterceptor.of(gate, own));

            callWhileHeld(List.of("one", "two"));

            assertThat(server.served)
                    .containsExactly(
                            "alice talks in of the interceptor",
                            "alice says one in of the server",
                            "alice says two in of the server");
        } finally {
            own.shutdownNow();
        }
    }

    @Test
    void whatIsKnownAtOnceBeginsInTheServersThread() throws Exception {
        startWith(builder -> builder.executor(executor), TicketInterceptor.of(gate));

        await(server.call(TALK, metadata(issue()), List.of()));

        assertThat(server.served).containsExactly("alice talks in of the server");
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedIsNotServed() throws Exception {
        start(TicketInterceptor.of(gate, Runnable::run));
        String ticket = issue();
        store.hold();

        ClientCall<String, String> call = server.open(TALK, metadata(ticket), new CompletableFuture<>());
        watch.awaitPassed(1);
        call.cancel("gone", null);
        watch.awaitEnd();
        store.up();

        assertNobodyWasServed();
        assertThat(call(metadata(ticket))).containsExactly(UNAUTHENTICATED);
    }

    @Test
    void aClientThatLeavesBeforeItsCallBeginsIsNotServed() throws Exception {
        Queue<Runnable> beginnings = new ConcurrentLinkedQueue<>();
        start(TicketInterceptor.of(gate, beginnings::add));
        String ticket = issue();
        store.hold();

        ClientCall<String, String> call = server.open(TALK, metadata(ticket), new CompletableFuture<>());
        watch.awaitPassed(1);
        store.up();
        assertThat(beginnings).hasSize(1);
        call.cancel("gone", null);
        watch.awaitEnd();
        beginnings.remove().run();

        assertNobodyWasServed();
    }

    @Test
    void aRefusalTakesNoThreadOfTheExecutor() throws Exception {
        Queue<Runnable> beginnings = new ConcurrentLinkedQueue<>();
        start(TicketInterceptor.of(gate, beginnings::add));
        store.hold();

        CompletableFuture<List<String>> said = server.call(GREET, metadata("A".repeat(27)), List.of("Hi"));
        watch.awaitPassed(1);
        store.up();

        assertThat(await(said)).containsExactly(UNAUTHENTICATED);
        assertThat(beginnings).isEmpty();
    }

    @Test
    void t16_whoeverIsRevokedBeforeTheCallBeginsIsToldToGo() throws Exception {
        Queue<Runnable> beginnings = new ConcurrentLinkedQueue<>();
        start(TicketInterceptor.of(gate, beginnings::add));
        String ticket = issue();
        store.hold();

        CompletableFuture<List<String>> said = server.call(LISTEN, metadata(ticket), List.of("lobby"));
        watch.awaitPassed(1);
        store.up();
        assertThat(beginnings).hasSize(1);
        assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
        beginnings.remove().run();

        assertThat(await(said)).last().isEqualTo(UNAUTHENTICATED);
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void t16_toItsServiceACallThatIsEndedIsAsOneThatItsClientHasCancelled() throws Exception {
        start(TicketInterceptor.of(gate));
        CompletableFuture<List<String>> listening = server.call(LISTEN, metadata(issue()), List.of("lobby"));
        var talking = new CompletableFuture<List<String>>();
        ClientCall<String, String> talk = server.open(TALK, metadata(issue()), talking);
        eventually(() -> server.streams.size() == 1 && gate.connections().count() == 2);

        assertThat(revocations.revoke(Revocation.holder(1).forbidden())).isCompleted();

        assertThat(await(listening)).containsExactly("Hello alice", "PERMISSION_DENIED: forbidden");
        assertThat(await(talking)).containsExactly("Hello alice", "PERMISSION_DENIED: forbidden");
        talk.cancel("over", null);
        ChatServer.Stream stream = server.streams.remove();
        assertThat(stream.events().isCancelled()).isTrue();
        assertThat(stream.context().isCancelled()).isTrue();
        assertThat(stream.context().cancellationCause()).hasMessage("PERMISSION_DENIED: forbidden");
        eventually(() -> server.served.stream().filter("alice has left"::equals).count() == 2);
        stream.events().onNext("too late");
        stream.events().onCompleted();
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void t16_aCallIsOverAtItsEndWhateverItsClientReads() throws Exception {
        startWith(builder -> builder.addStreamTracerFactory(TicketInterceptor.cutting()), TicketInterceptor.of(gate));
        ManagedChannel narrow = NettyChannelBuilder.forAddress("127.0.0.1", server.server.getPort())
                .usePlaintext()
                .flowControlWindow(1)
                .build();
        List<ClientCall<String, String>> calls = List.of(listenTo(narrow), listenTo(narrow));

        try {
            eventually(() -> server.streams.size() == 2);
            server.streams.remove().events().onCompleted();
            assertThat(gate.connections().count()).isEqualTo(2);
            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();

            eventually(() -> gate.connections().count() == 0 && server.served.contains("alice has left"));
            assertThat(server.server.shutdown().awaitTermination(30, TimeUnit.SECONDS))
                    .as("nothing waits for a client that does not read")
                    .isTrue();
        } finally {
            // Else the client keeps the first byte for ever.
            calls.forEach(call -> call.request(1));
            narrow.shutdownNow();
        }
    }

    /** Asks for no message. */
    private ClientCall<String, String> listenTo(ManagedChannel channel) {
        ClientCall<String, String> call = channel.newCall(LISTEN, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, metadata(issue()));
        call.sendMessage("lobby");
        call.halfClose();
        return call;
    }

    @Test
    void t16_whoeverIsToldToGoIsHeardNoMore() throws Exception {
        var first = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        start(new Slow(heard, first, goOn), TicketInterceptor.of(gate));

        CompletableFuture<List<String>> said = server.call(TALK, metadata(issue()), List.of("one", "two", "three"));
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        // The others wait behind the first by then.
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
        assertThat(await(said)).containsExactly(UNAUTHENTICATED);
        assertThat(heard).containsExactly("one");
        goOn.countDown();

        eventually(() -> heard.contains("the end"));
        assertThat(heard).containsExactly("one", "the end");
    }

    @Test
    void aCallThatMeetsItsGateTwiceUsesUpOneTicketAndAnotherGateLetsNobodyInForThat() throws Exception {
        start(TicketInterceptor.of(gate), new Wrapping(), TicketInterceptor.of(gate));
        assertThat(callWhileHeld(List.of())).containsExactly("Hello alice", "Bye alice", "OK");
        assertThat(call(metadata(issue()))).containsExactly("Hello alice", "OK");

        server.close();
        start(TicketInterceptor.of(Gate.of(tickets)), TicketInterceptor.of(gate));
        assertThat(call(metadata(issue()))).containsExactly(UNAUTHENTICATED);
    }

    @Test
    void aCallThatFailsInItsBeginningEndsAsGrpcEndsIt() throws Exception {
        start(new Failing(new IllegalStateException("a fault"), true), TicketInterceptor.of(gate));
        try (var log = new Log(GatedCall.class)) {
            assertThat(callWhileHeld(List.of("one"))).containsExactly("UNKNOWN: null");
            assertThat(call(metadata(issue()))).containsExactly("UNKNOWN: null");
            watch.awaitPassed(1);
            assertThat(log.said(Level.SEVERE)).containsExactly("A call could not begin", "A call could not begin");
        }
        server.close();
        var noRoom = Status.NOT_FOUND.withDescription("no room").asRuntimeException();
        start(new Failing(noRoom, true), TicketInterceptor.of(gate));
        try (var log = new Log(GatedCall.class)) {
            assertThat(callWhileHeld(List.of("one"))).containsExactly("NOT_FOUND: no room");
            assertThat(log.stackTraces()).containsExactly(noRoom);
        }
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void aServiceThatFailsWhenItIsToldWhatCameBeforeLearnsOfTheEnd() throws Exception {
        start(new Failing(new IllegalStateException("a fault"), false), TicketInterceptor.of(gate));
        try (var log = new Log(GatedCall.class)) {
            assertThat(callWhileHeld()).containsExactly("Hello alice", "UNKNOWN: null");
            eventually(() -> server.served.contains("alice has left"));
            assertThat(log.stackTraces()).hasSize(1);
        }
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void anExecutorThatTakesNothingLetsNobodyIn() throws Exception {
        start(TicketInterceptor.of(gate, beginning -> {
            throw new RejectedExecutionException("closed");
        }));
        try (var log = new Log(GatedCall.class)) {
            assertThat(callWhileHeld(List.of())).containsExactly("UNAVAILABLE: unavailable");
            assertThat(log.stackTraces()).hasSize(1);
        }
        assertNobodyWasServed();
    }

    @Test
    void t10_theTicketIsInTheMetadataWhateverTheGatesCarrierAndInTheHeaderThatItNames() throws Exception {
        Gate own = gate.withCarrier(TicketCarrier.header("X-Ticket"));
        var metadata = new Metadata();
        metadata.put(ChatServer.key("x-ticket"), issue());

        start(TicketInterceptor.of(gate.withCarrier(TicketCarrier.subprotocol())));
        assertThat(call(metadata(issue()))).containsExactly("Hello alice", "OK");
        server.close();
        start(TicketInterceptor.of(own));
        assertThat(call(metadata(issue()))).containsExactly(UNAUTHENTICATED);
        assertThat(call(metadata)).containsExactly("Hello alice", "OK");

        assertThatThrownBy(() -> TicketInterceptor.of(gate.withCarrier(TicketCarrier.header("ticket-bin"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatDidNotPassAGateIsNotAdmitted() throws Exception {
        start(new Wrapping());

        assertThat(call(metadata(issue()))).first().asString().startsWith("UNKNOWN");
        assertThatThrownBy(TicketInterceptor::admitted).isInstanceOf(IllegalStateException.class);
    }

    private void start(ServerInterceptor... interceptors) throws Exception {
        startWith(builder -> builder, interceptors);
    }

    private void startWith(UnaryOperator<NettyServerBuilder> settings, ServerInterceptor... interceptors)
            throws Exception {
        server = new ChatServer(
                settings,
                Stream.concat(Stream.of(interceptors), Stream.of(watch)).toArray(ServerInterceptor[]::new));
    }

    private String issue() {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private List<String> call(Metadata metadata) {
        return await(server.call(GREET, metadata, List.of("Hi")));
    }

    /** What the server says to a client that has said this before the store answers. */
    private List<String> callWhileHeld(List<String> texts) throws InterruptedException {
        CompletableFuture<List<String>> said = callAndHold(texts);
        store.up();
        return await(said);
    }

    /** What the server says to a client that is known to say nothing before the store answers. */
    private List<String> callWhileHeld() throws InterruptedException {
        CompletableFuture<List<String>> said = callAndHold(List.of());
        watch.awaitHalfClose();
        store.up();
        return await(said);
    }

    private CompletableFuture<List<String>> callAndHold(List<String> texts) throws InterruptedException {
        String ticket = issue();
        store.hold();
        CompletableFuture<List<String>> said = server.call(TALK, metadata(ticket), texts);
        watch.awaitPassed(1);
        assertThat(said).isNotDone();
        return said;
    }

    private void assertNobodyWasServed() {
        assertThat(server.served).isEmpty();
        assertThat(gate.connections().count()).isZero();
        assertThat(events).noneMatch(TicketEvent.Opened.class::isInstance);
    }

    /** As interceptors do that count or trace calls. */
    private static final class Wrapping implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return next.startCall(new SimpleForwardingServerCall<>(call) {}, headers);
        }
    }

    /** Leaves time for messages to come between what asks for them and what listens. */
    private static final class Dawdling implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            ServerCall.Listener<Q> listener = next.startCall(call, headers);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            return listener;
        }
    }

    /** Fails at once, or when the client has said all. */
    private record Failing(RuntimeException fault, boolean atOnce) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (atOnce) {
                throw fault;
            }
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                @Override
                public void onHalfClose() {
                    throw fault;
                }
            };
        }
    }

    /** Is asked before the others, and sees what becomes of a call. */
    private static final class Watch implements ServerInterceptor {

        private final Semaphore passed = new Semaphore(0);
        private final CountDownLatch halfClosed = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Context.current().addListener(ended -> over.countDown(), Runnable::run);
            ServerCall.Listener<Q> listener = next.startCall(call, headers);
            passed.release();
            return new SimpleForwardingServerCallListener<>(listener) {
                @Override
                public void onHalfClose() {
                    super.onHalfClose();
                    halfClosed.countDown();
                }
            };
        }

        /** Waits until so many calls have passed the others, or wait there. */
        void awaitPassed(int calls) throws InterruptedException {
            assertThat(passed.tryAcquire(calls, 30, TimeUnit.SECONDS)).isTrue();
        }

        void awaitEnd() throws InterruptedException {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        }

        void awaitHalfClose() throws InterruptedException {
            assertThat(halfClosed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** In place of a service: wants all messages at once, and takes its time for each. */
    private record Slow(Queue<String> heard, CountDownLatch first, CountDownLatch goOn) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            call.request(10);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(Q message) {
                    heard.add((String) message);
                    first.countDown();
                    try {
                        assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void onHalfClose() {
                    heard.add("half-closed");
                }

                @Override
                public void onCancel() {
                    heard.add("the end");
                }
            };
        }
    }
}
