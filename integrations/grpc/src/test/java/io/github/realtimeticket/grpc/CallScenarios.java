// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.grpc.ChatServer.COUNT;
import static io.github.realtimeticket.grpc.ChatServer.GREET;
import static io.github.realtimeticket.grpc.ChatServer.LISTEN;
import static io.github.realtimeticket.grpc.ChatServer.TALK;
import static io.github.realtimeticket.grpc.ChatServer.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gate before gRPC does, whatever its store and the threads of its server. A ticket is of the audience {@code chat}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CallScenarios {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final TicketHolder BOB = TicketHolder.of(2, "bob");
    private static final String ORIGIN = "https://app.example";
    private static final String UNAUTHENTICATED = "UNAUTHENTICATED: unauthorized";
    private static final String PERMISSION_DENIED = "PERMISSION_DENIED: forbidden";

    private RemoteStore store;
    private Revocations revocations;
    private Tickets tickets;
    private Gate gate;
    private ChatServer server;

    /** Empty, and for this class alone. */
    protected abstract TicketStore store() throws Exception;

    protected Revocations revocations() {
        return Revocations.inMemory();
    }

    protected NettyServerBuilder threads(NettyServerBuilder server) {
        return server;
    }

    protected TicketInterceptor interceptor(Gate gate) {
        return TicketInterceptor.of(gate);
    }

    @BeforeAll
    void start() throws Exception {
        store = new RemoteStore(store());
        revocations = revocations();
        tickets =
                Tickets.builder(store).audience("chat").revocations(revocations).build();
        gate = Gate.of(tickets);
        eventually(revocations::isCurrent);
        server = new ChatServer(this::threads, interceptor(gate));
    }

    @AfterEach
    void nothingIsLeft() {
        eventually(() -> gate.connections().count() == 0);
        server.streams.clear();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aTicketOpensOneCallOfAnyKindForItsHolder() {
        List<String> texts = IntStream.range(0, 200).mapToObj(i -> "text " + i).toList();
        Metadata one = metadata(issue("alice"));
        Metadata another = metadata(issue("alice"));
        Metadata third = metadata(issue("alice"));

        assertThat(call(GREET, one, "Hi")).containsExactly("Hello alice", "OK");
        assertThat(call(COUNT, another, texts)).containsExactly("alice says 200", "OK");
        List<String> talk = new ArrayList<>(List.of("Hello alice"));
        texts.forEach(text -> talk.add("alice says " + text));
        talk.addAll(List.of("Bye alice", "OK"));
        assertThat(call(TALK, third, texts)).isEqualTo(talk);

        assertThat(call(GREET, one, "Hi")).containsExactly(UNAUTHENTICATED);
        assertThat(call(COUNT, another, texts)).containsExactly(UNAUTHENTICATED);
        assertThat(call(TALK, third, texts)).containsExactly(UNAUTHENTICATED);
    }

    @Test
    void whoeverSaysNothingIsServedAsWell() {
        assertThat(call(TALK, metadata(issue("alice")), List.of())).containsExactly("Hello alice", "Bye alice", "OK");
        assertThat(call(COUNT, metadata(issue("alice")), List.of())).containsExactly("alice says 0", "OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"名前", "Zoë \"quoted\" <b>", "line\nbreak", "\ud83d\ude00"})
    void t8_anyNameArrivesUnchanged(String username) {
        assertThat(call(GREET, metadata(issue(username)), "Hi")).containsExactly("Hello " + username, "OK");
    }

    @Test
    void t4_ofFiftyRacersOneIsAdmitted() {
        Metadata ticket = metadata(issue("alice"));

        List<CompletableFuture<List<String>>> racers = IntStream.range(0, 50)
                .mapToObj(racer -> server.call(GREET, ticket, List.of("Hi")))
                .toList();

        List<List<String>> said = racers.stream().map(CallScenarios::await).toList();
        assertThat(said).filteredOn(List.of("Hello alice", "OK")::equals).hasSize(1);
        assertThat(said).filteredOn(List.of(UNAUTHENTICATED)::equals).hasSize(49);
    }

    @Test
    void t5_anExpiredTicketIsRefused() throws Exception {
        Duration second = Duration.ofSeconds(1);
        Tickets shortLived =
                Tickets.builder(store).audience("chat").timeToLive(second).build();
        Ticket ticket = shortLived.issue(ALICE).toCompletableFuture().join();

        Thread.sleep(second.plusMillis(50).toMillis());

        assertThat(call(GREET, metadata(ticket.reveal()), "Hi")).containsExactly(UNAUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA*",
                "AAAAAAAAAAAAAAAAAAAAAAAAA AA",
                "session:AAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void t2_whatIsNoTicketOrAnUnknownOneIsRefused(String text) {
        assertThat(call(GREET, metadata(text), "Hi")).containsExactly(UNAUTHENTICATED);
    }

    @Test
    void t10_whoeverHasNoTicketOrTwoIsRefusedAndNoneIsUsedUp() {
        String one = issue("alice");
        String two = issue("alice");

        assertThat(call(GREET, metadata(), "Hi")).containsExactly(UNAUTHENTICATED);
        assertThat(call(GREET, metadata(one, two), "Hi")).containsExactly(UNAUTHENTICATED);
        assertThat(call(GREET, metadata(one, one), "Hi")).containsExactly(UNAUTHENTICATED);
        assertThat(call(GREET, metadata(one + "," + two), "Hi")).containsExactly(UNAUTHENTICATED);
        assertThat(call(GREET, metadata(one), "Hi")).containsExactly("Hello alice", "OK");
        assertThat(call(GREET, metadata(two), "Hi")).containsExactly("Hello alice", "OK");
    }

    @Test
    void t9_aTicketForAnotherAudienceOrFromAnotherOriginIsBurntAndRefused() {
        String elsewhere = issue(TicketBinding.none().withAudience("billing"));
        String page = issue(tickets.binding().withOrigin(ORIGIN));
        String own = issue(tickets.binding().withOrigin(ORIGIN));

        assertThat(call(GREET, metadata(elsewhere), "Hi")).containsExactly(PERMISSION_DENIED);
        assertThat(call(GREET, from("https://evil.example", page), "Hi")).containsExactly(PERMISSION_DENIED);
        assertThat(call(GREET, from(ORIGIN, page), "Hi")).containsExactly(UNAUTHENTICATED);
        assertThat(call(GREET, from(ORIGIN, own), "Hi")).containsExactly("Hello alice", "OK");
    }

    @Test
    void t5_nobodyIsLetInWhileTheStoreIsDownAndTheNextTicketWorks() {
        String ticket = issue("alice");
        String next = issue("alice");
        store.down();

        assertThat(call(GREET, metadata(ticket), "Hi")).containsExactly("UNAVAILABLE: unavailable");
        store.up();

        assertThat(call(GREET, metadata(next), "Hi")).containsExactly("Hello alice", "OK");
    }

    @Test
    void t20_aMethodThatDoesNotExistUsesUpNoTicket() {
        String ticket = issue("alice");
        MethodDescriptor<String, String> missing = GREET.toBuilder()
                .setFullMethodName(MethodDescriptor.generateFullMethodName("Chat", "missing"))
                .build();

        assertThat(call(missing, metadata(ticket), "Hi"))
                .containsExactly("UNIMPLEMENTED: Method not found: Chat/missing");
        assertThat(call(GREET, metadata(ticket), "Hi")).containsExactly("Hello alice", "OK");
    }

    @Test
    void t20_metadataThatNoGateCanReadUsesUpNoTicket() {
        String ticket = issue("alice");
        Metadata odd = metadata(ticket);
        odd.put(ChatServer.key("sec-websocket-extensions"), ";");

        assertThat(call(GREET, odd, "Hi")).containsExactly("INVALID_ARGUMENT: bad request");
        assertThat(call(GREET, metadata(ticket), "Hi")).containsExactly("Hello alice", "OK");
    }

    @Test
    void t16_aCallEndsWithItsSession() {
        Metadata ended = metadata(issue(TicketGrant.to(ALICE).withSession("s")));
        Metadata elsewhere = metadata(issue(TicketGrant.to(ALICE).withSession("elsewhere")));

        CompletableFuture<List<String>> first = server.call(LISTEN, ended, List.of("lobby"));
        CompletableFuture<List<String>> second = server.call(LISTEN, elsewhere, List.of("lobby"));
        eventually(() -> server.streams.size() == 2);
        revoke(Revocation.session("s"));

        assertThat(await(first)).containsExactly("Hello alice", UNAUTHENTICATED);
        eventually(() -> gate.connections().count() == 1);
        assertThat(second).isNotDone();
        server.streams.forEach(stream -> {
            if (!stream.events().isCancelled()) {
                stream.events().onCompleted();
            }
        });
        assertThat(await(second)).containsExactly("Hello alice", "OK");
    }

    @Test
    void t16_whoeverIsLockedIsToldNotToComeBack() {
        CompletableFuture<List<String>> bob =
                server.call(LISTEN, metadata(issue(TicketGrant.to(BOB))), List.of("lobby"));
        eventually(() -> server.streams.size() == 1);

        revoke(Revocation.holder(2).forbidden());

        assertThat(await(bob)).containsExactly("Hello bob", PERMISSION_DENIED);
    }

    @Test
    void t17_aCallEndsAtItsDeadline() {
        String ticket = issue(TicketGrant.to(ALICE).withUntil(Instant.now().plusSeconds(1)));

        assertThat(call(LISTEN, metadata(ticket), "lobby")).last().isEqualTo(UNAUTHENTICATED);
    }

    @Test
    void t16_aCallThatEndsByItselfOrIsLeftIsForgotten() {
        var left = new CompletableFuture<List<String>>();

        CompletableFuture<List<String>> finished = server.call(LISTEN, metadata(issue("alice")), List.of("lobby"));
        eventually(() -> server.streams.size() == 1);
        assertThat(gate.connections().count()).isOne();
        server.streams.remove().events().onCompleted();
        assertThat(await(finished)).containsExactly("Hello alice", "OK");
        eventually(() -> gate.connections().count() == 0);

        ClientCall<String, String> call = server.open(TALK, metadata(issue("alice")), left);
        eventually(() -> gate.connections().count() == 1);
        call.cancel("gone", null);
        assertThat(await(left)).last().asString().startsWith("CANCELLED");
    }

    private List<String> call(MethodDescriptor<String, String> method, Metadata metadata, String text) {
        return call(method, metadata, List.of(text));
    }

    private List<String> call(MethodDescriptor<String, String> method, Metadata metadata, List<String> texts) {
        return await(server.call(method, metadata, texts));
    }

    private static Metadata from(String origin, String ticket) {
        Metadata metadata = metadata(ticket);
        metadata.put(ChatServer.key("origin"), origin);
        return metadata;
    }

    private String issue(String username) {
        return reveal(tickets.issue(TicketHolder.of(1, username)));
    }

    private String issue(TicketBinding binding) {
        return reveal(tickets.issue(ALICE, binding));
    }

    private String issue(TicketGrant.Granted grant) {
        return reveal(tickets.issue(grant.withAudience("chat"), null));
    }

    private static String reveal(CompletionStage<Ticket> issued) {
        return issued.toCompletableFuture().join().reveal();
    }

    private void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).succeedsWithin(Duration.ofSeconds(30));
    }

    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
