// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class RevokerTest {

    private static final Revocation NEVER = Revocation.session("never");

    /** A feed that can keep all revocations but one, after a first failure of each. */
    private static final class PoorFeed implements Revocations {

        private final Revocations whole = Revocations.inMemory();
        private final BlockingQueue<Revocation> kept = new LinkedBlockingQueue<>();
        private volatile boolean isDown;

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            if (isDown || revocation.equals(NEVER)) {
                return CompletableFuture.failedFuture(new TicketStoreException("It is not kept", null));
            }
            kept.add(revocation);
            return whole.revoke(revocation);
        }

        @Override
        public Listening listen(RevocationListener listener) {
            return whole.listen(listener);
        }

        @Override
        public @Nullable String revision() {
            return whole.revision();
        }

        @Override
        public boolean isCurrent() {
            return whole.isCurrent();
        }
    }

    @Test
    void oneThatCanNeverBeToldHoldsUpNoOther() throws Exception {
        var feed = new PoorFeed();
        try (var revoker = new Revoker(feed)) {
            feed.isDown = true;
            revoker.revoke(NEVER);
            revoker.revoke(Revocation.session("a"));
            revoker.revoke(Revocation.session("b"));

            feed.isDown = false;

            assertThat(List.of(next(feed), next(feed)))
                    .containsExactlyInAnyOrder(Revocation.session("a"), Revocation.session("b"));
        }
    }

    @Test
    void aSecondLogoutInASessionThatStaysIsToldIfATicketWasIssuedInBetween() throws Exception {
        var feed = new PoorFeed();
        try (var revoker = new Revoker(feed)) {
            var ends = new SessionEnds(revoker);
            var request = new MockHttpServletRequest();
            HttpSession session = request.getSession();
            TicketGrants grants = LoginGrants.bound(TicketGrants.byName(), true, true);
            assertThat(grants.grant(() -> "alice", request)).isPresent();
            ends.loggedOut(request);
            ends.loggedOut(request);

            assertThat(grants.grant(() -> "alice", request)).isPresent();
            ends.loggedOut(request);

            assertThat(feed.kept)
                    .containsExactly(Revocation.session(session.getId()), Revocation.session(session.getId()));
        }
    }

    @Test
    void onceItIsClosedNothingIsTriedAgain() throws Exception {
        var feed = new PoorFeed();
        feed.isDown = true;
        var closed = new Revoker(feed);
        closed.revoke(Revocation.session("late"));
        closed.close();
        try (var open = new Revoker(feed)) {
            open.revoke(NEVER);
            open.revoke(Revocation.session("a second behind it"));

            feed.isDown = false;

            assertThat(next(feed)).isEqualTo(Revocation.session("a second behind it"));
            assertThat(feed.kept).isEmpty();
        }
    }

    private static Revocation next(PoorFeed feed) throws Exception {
        Revocation next = feed.kept.poll(60, TimeUnit.SECONDS);
        return next == null ? NEVER : next;
    }
}
