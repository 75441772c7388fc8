// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.testkit.BareIssuer.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Web applications whose store has something else than it should, each with one mistake. */
final class UntrueIssuers {

    private UntrueIssuers() {}

    /** Keeps tickets for longer than it says. */
    static final class KeepsTicketsLonger extends BrokenIssuer {
        @Override
        public TicketStore store(TicketStore store) {
            return new Putting(store, UnaryOperator.identity(), said -> Duration.ofMinutes(5));
        }
    }

    /** Does not say to the store which page asked. */
    static final class BindsToNothing extends BrokenIssuer {
        @Override
        public TicketStore store(TicketStore store) {
            UnaryOperator<TicketValue> unbound =
                    value -> new TicketValue(value.holder(), TicketBinding.none(), value.issuedAt());
            return new Putting(store, unbound, UnaryOperator.identity());
        }
    }

    /** Takes {@code Origin: null} for an origin. */
    static final class BindsToNull extends BrokenIssuer {
        @Override
        public TicketStore store(TicketStore store) {
            UnaryOperator<TicketValue> bound = value -> value.binding().origin() == null
                    ? new TicketValue(value.holder(), value.binding().withOrigin("null"), value.issuedAt())
                    : value;
            return new Putting(store, bound, UnaryOperator.identity());
        }
    }

    /** Puts a ticket into its own memory while the store is down. */
    static final class FallsBackToMemory extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            Issuer fallback = Issuer.of(Tickets.of(TicketStore.inMemory()));
            return answer.status() == 503
                    ? fallback.issue(request, () -> grant(request))
                            .toCompletableFuture()
                            .join()
                    : answer;
        }

        private Optional<TicketGrant> grant(Request request) {
            return request.session().map(session -> TicketGrant.to(holder(session)));
        }
    }

    /** A store into which other values are put, for another time. */
    private record Putting(TicketStore store, UnaryOperator<TicketValue> value, UnaryOperator<Duration> timeToLive)
            implements TicketStore {
        @Override
        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
            return store.put(ticket, this.value.apply(value), this.timeToLive.apply(timeToLive));
        }

        @Override
        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
            return store.take(ticket);
        }
    }
}
