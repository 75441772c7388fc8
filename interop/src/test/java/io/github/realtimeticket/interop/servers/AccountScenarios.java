// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.RedisTicketStoreBuilder;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the accounts in the Javadoc of {@link RedisTicketStore} may do, and what not. */
abstract class AccountScenarios {

    /** What all of them have. */
    static final String BOTH = "on >secret resetchannels -@all +info +ping +hello +client|setname ";

    /** What a feed needs beside it. */
    static final String FEED = " +xread +xrevrange %R~ticket-revocations";

    private static final TicketValue ALICE = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);

    /** Where the server is, or one of its nodes. */
    protected abstract RedisURI uri();

    /** A store there, with nothing set yet. */
    protected abstract RedisTicketStoreBuilder storeAt(RedisURI uri);

    @Test
    void theIssuerIssuesAndTheRedeemerRedeems() {
        Ticket ticket = ticket();

        try (RedisTicketStore issuer = storeOf("issuer");
                RedisTicketStore redeemer = storeOf("redeemer")) {
            assertThat(put(issuer, ticket)).isTrue();
            assertThat(await(redeemer.take(ticket))).contains(ALICE);
            assertThat(issuer.checksHistory()).isTrue();
            assertThat(redeemer.checksHistory()).isTrue();

            assertThatThrownBy(() -> await(issuer.take(ticket))).hasMessageContaining("permissions");
            assertThatThrownBy(() -> put(redeemer, ticket)).hasMessageContaining("permissions");
        }
    }

    @Test
    void aRedeemerWithTracesSets() {
        Ticket ticket = ticket();
        var first = new Presentation(Instant.EPOCH, "1".repeat(32), null);
        var second = new Presentation(Instant.EPOCH, "2".repeat(32), null);

        try (RedisTicketStore issuer = storeOf("issuer");
                RedisTicketStore tracer = storeOf("tracer")) {
            assertThat(put(issuer, ticket)).isTrue();

            assertThat(presented(tracer, ticket, first)).isEqualTo(new Taken(ALICE, null));
            assertThat(presented(tracer, ticket, second)).isEqualTo(new Taken(null, first));
            assertThatThrownBy(() -> presented(issuer, ticket, second)).hasMessageContaining("permissions");
        }
    }

    @Test
    void whoeverRevokesAddsAndWhoeverListensReads() {
        try (RedisTicketStore revoker = storeOf("revoker");
                RedisTicketStore listener = storeOf("listener")) {
            Tickets tickets = tickets(revoker);
            Gate gate = Gate.of(tickets(listener));
            Ticket ticket = await(tickets.issue(TicketGrant.to(ALICE.holder()).withSession("session"), null));
            Ticket other = await(tickets.issue(TicketGrant.to(ALICE.holder()).withSession("another session"), null));

            Void unused = await(revoker.revocations().revoke(Revocation.session("session")));

            assertThat(refusal(gate, ticket)).contains(Refusal.REVOKED);
            assertThat(refusal(gate, other)).isEmpty();
            assertThatThrownBy(() -> await(listener.revocations().revoke(Revocation.holder(1))))
                    .hasMessageContaining("permissions");
        }
    }

    private static Tickets tickets(RedisTicketStore store) {
        return Tickets.builder(store).revocations(store.revocations()).build();
    }

    private static Optional<Refusal> refusal(Gate gate, Ticket ticket) {
        return await(gate.admit(ticket)).fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }

    private static Taken presented(RedisTicketStore store, Ticket ticket, Presentation presentation) {
        return await(store.remembering().orElseThrow().take(ticket, presentation));
    }

    private static boolean put(RedisTicketStore store, Ticket ticket) {
        return await(store.put(ticket, ALICE, Duration.ofMinutes(1)));
    }

    private static Ticket ticket() {
        return Ticket.parse(UUID.randomUUID().toString()).orElseThrow();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private RedisTicketStore storeOf(String account) {
        RedisURI uri =
                RedisURI.builder(uri()).withAuthentication(account, "secret").build();
        return storeAt(uri).timeout(Duration.ofSeconds(10)).build();
    }

    /** Makes an account, with rules as they follow {@code ACL SETUSER name}. */
    static void account(RedisCommands<String, String> cli, String name, String rules) {
        var arguments = new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add(name);
        for (String rule : rules.split(" ", -1)) {
            arguments.add(rule);
        }
        assertThat(cli.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments))
                .isEqualTo("OK");
    }
}
