// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevokedTest {

    private static final Ticket TICKET =
            Ticket.parse("AAECAwQFBgcICQoLDA0ODxAREhM").orElseThrow();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Revoked revoked = new Revoked(1_000, nanos::get);

    @Test
    void whatWasRevokedIsForgottenWhenNoTicketOfItCanBeOutstanding() {
        revoked.add(Revocation.session("s"), new Revision(1, 0));

        nanos.addAndGet(TicketStore.LONGEST_TIME_TO_LIVE.toNanos());
        revoked.forgetOld();
        assertThat(code(1, "s", null)).isEqualTo(3000);
        nanos.addAndGet(Revoked.REMEMBERED.toNanos());
        revoked.forgetOld();

        assertThat(code(1, "s", null)).isZero();
        assertThat(revoked.size()).isZero();
    }

    @Test
    void whatNoTicketHasRoomForIsNotRevoked() {
        Revocation longest = Revocation.holder("x".repeat(4_083));
        assertThat(Revocation.parse(longest.json())).contains(longest);
        for (String id : List.of("x".repeat(4_084), "\u0001".repeat(1_000))) {
            assertThatThrownBy(() -> Revocation.holder(id))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("4096 bytes");
        }
        assertThatThrownBy(longest::forbidden).isInstanceOf(IllegalArgumentException.class);
        assertThat(Revocation.parse("{\"holder\":\"" + "x".repeat(4_097) + "\"}"))
                .isEmpty();
    }

    @Test
    void whatIsRevokedAgainIsRememberedFromThen() {
        revoked.add(Revocation.session("s"), new Revision(1, 0));
        nanos.addAndGet(Revoked.REMEMBERED.toNanos() - 1);
        revoked.add(Revocation.session("s").forbidden(), new Revision(2, 0));
        nanos.addAndGet(2);
        revoked.forgetOld();

        assertThat(code(1, "s", null)).isEqualTo(3003);
        assertThat(revoked.size()).isEqualTo(1);

        nanos.addAndGet(Revoked.REMEMBERED.toNanos());
        revoked.forgetOld();
        assertThat(code(1, "s", null)).isZero();
        assertThat(revoked.size()).isZero();
    }

    @Test
    void aMillionRevocationsTakeNoMoreThanTheMaximumAndLetNobodyIn() {
        for (int i = 0; i < 1_000_000; i++) {
            revoked.add(new Revocation(Revocation.Kind.SESSION, Integer.toHexString(i), 3000), new Revision(1, i));
        }

        assertThat(revoked.size()).isEqualTo(1_000);
        assertThat(codeOf("0", "1-0"))
                .as("forgotten, and older than what is remembered")
                .isEqualTo(3000);
        assertThat(codeOf("0", null)).isEqualTo(3000);
        assertThat(codeOf("fffff0", "1-999999"))
                .as("issued with knowledge of all")
                .isZero();
        assertThat(code(1, null, null)).as("of nothing").isZero();

        nanos.addAndGet(Revoked.REMEMBERED.toNanos());
        revoked.forgetOld();
        assertThat(revoked.size()).isZero();
        assertThat(codeOf("0", null)).isZero();
    }

    @Test
    void whatIsForgottenForLackOfSpaceIsTheOldestAndNotWhatWasRevokedAgain() {
        revoked.add(Revocation.session("again"), new Revision(1, 0));
        for (int i = 1; i < 1_000; i++) {
            revoked.add(new Revocation(Revocation.Kind.SESSION, Integer.toHexString(i), 3000), new Revision(1, i));
        }
        revoked.add(Revocation.session("again"), new Revision(2, 0));

        revoked.add(new Revocation(Revocation.Kind.SESSION, "fffff0", 3000), new Revision(3, 0));

        assertThat(revoked.size()).isEqualTo(1_000);
        assertThat(codeOf("fffff1", "1-0")).as("as old as what is forgotten").isEqualTo(3000);
        assertThat(codeOf("fffff1", "1-1")).as("newer than it").isZero();
        assertThat(code(1, "again", "1-1")).isEqualTo(3000);
    }

    @Test
    void oneSessionThatIsRevokedAMillionTimesTakesOnePlace() {
        for (int i = 0; i < 1_000_000; i++) {
            revoked.add(Revocation.session("s"), new Revision(1, i));
        }

        assertThat(revoked.size()).isEqualTo(1);
    }

    private int code(long id, @Nullable String session, @Nullable String revision) {
        return code(id, new TicketLogin(session == null ? null : TicketLogin.session(session), null, revision));
    }

    private int codeOf(String session, @Nullable String revision) {
        return code(1, new TicketLogin(session, null, revision));
    }

    private int code(long id, TicketLogin login) {
        var value =
                new TicketValue(TicketHolder.of(id, "alice"), TicketBinding.none(), null, List.of(), login, null, null);
        return revoked.code(TICKET, value);
    }
}
