// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class MicrometerTicketListenerTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RemoteStore store = new RemoteStore(new InMemoryTicketStore(1, System::nanoTime));
    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets = Tickets.builder(store)
            .revocations(revocations)
            .listener(new MicrometerTicketListener(meters))
            .build();
    private final Gate gate = Gate.of(tickets);

    @Test
    void whatHappensIsCountedAndTimed() {
        Ticket ticket = issue();
        admit("ticket=" + ticket.reveal());
        admit("ticket=" + ticket.reveal());
        admit("");
        Ticket last = issue();
        assertThat(tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture())
                .isCompletedExceptionally();

        assertThat(count("issued")).isEqualTo(2);
        assertThat(count("redeemed")).isEqualTo(1);
        assertThat(count("refused", "reason", "nothing")).isEqualTo(1);
        assertThat(count("refused", "reason", "missing")).isEqualTo(1);
        assertThat(count("refused", "reason", "wrong_origin")).isZero();
        assertThat(count("failed", "operation", "issue")).isEqualTo(1);
        assertThat(count("failed", "operation", "redeem")).isZero();
        assertThat(meters.get("realtime.ticket.issue").timer().count()).isEqualTo(3);
        assertThat(meters.get("realtime.ticket.redeem").timer().count()).isEqualTo(1);
        assertThat(meters.get("realtime.ticket.age").timer().count()).isEqualTo(1);
        assertThat(meters.getMetersAsString())
                .doesNotContain(ticket.reveal())
                .doesNotContain(ticket.fingerprint())
                .doesNotContain(last.fingerprint())
                .doesNotContain("alice");
    }

    @Test
    void connectionsAreCountedUntilTheyAreGone() {
        Admission admission = tickets.issue(TicketHolder.of(1, "alice"))
                .thenCompose(gate::admit)
                .toCompletableFuture()
                .join();
        var told = new CompletableFuture<Integer>();
        LiveConnection connection = ((Admission.Admitted) admission).opened((code, reason) -> told.complete(code));

        assertThat(meters.get("realtime.ticket.connections").gauge().value()).isEqualTo(1);
        assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
        assertThat(told.join()).isEqualTo(3000);
        connection.ended();

        assertThat(meters.get("realtime.ticket.connections").gauge().value()).isZero();
        assertThat(count("opened")).isEqualTo(1);
        assertThat(count("closed", "reason", "revoked")).isEqualTo(1);
        assertThat(count("closed", "reason", "deadline")).isZero();
        assertThat(count("revoked", "kind", "holder")).isEqualTo(1);
        assertThat(meters.get("realtime.ticket.closing")
                        .tag("reason", "revoked")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aTicketThatIsPresentedIsRedeemedOrBurntWhateverItWasFor() {
        LiveConnection connection = opened();
        assertThat(connection.renew(issue().reveal(), renewed -> true)).isCompleted();
        Ticket bobs =
                tickets.issue(TicketHolder.of(2, "bob")).toCompletableFuture().join();
        assertThat(connection.renew(bobs.reveal(), renewed -> true)).isCompleted();
        Ticket revoked = issue();
        assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
        admit("ticket=" + revoked.reveal());
        connection.ended();

        assertThat(count("issued")).isEqualTo(4);
        assertThat(count("redeemed")).isEqualTo(2);
        assertThat(count("burnt")).isEqualTo(2);
        assertThat(count("refused", "reason", "wrong_login")).isEqualTo(1);

        Ticket kept = issue();
        assertThat(connection.renew(kept.reveal(), renewed -> true)).isCompleted();

        assertThat(count("refused", "reason", "revoked") + count("refused", "reason", "overdue"))
                .isEqualTo(2);
        assertThat(count("burnt")).isEqualTo(2);
        admit("ticket=" + kept.reveal());
        assertThat(count("redeemed")).isEqualTo(3);
    }

    @Test
    void aTicketThatCameTooLateToRenewIsBurntAndNotRedeemed() {
        LiveConnection connection = opened();
        Ticket late = issue();
        CompletableFuture<Void> answer = store.hold();

        CompletionStage<Admission> renewal = connection.renew(late.reveal(), renewed -> true);
        connection.ended();
        answer.complete(null);

        assertThat(renewal).isCompleted();

        assertThat(count("redeemed")).isEqualTo(1);
        assertThat(count("burnt")).isEqualTo(1);
        assertThat(count("renewed")).isZero();
    }

    private LiveConnection opened() {
        Admission admission = gate.admit(issue()).toCompletableFuture().join();
        return ((Admission.Admitted) admission).opened((code, reason) -> {});
    }

    private Ticket issue() {
        return tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
    }

    private void admit(String query) {
        assertThat(gate.admit(new Request(query))).isCompleted();
    }

    private double count(String name, String... tags) {
        return meters.get("realtime.ticket." + name).tags(tags).counter().count();
    }
}
