// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import com.sun.net.httpserver.HttpExchange;
import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.testkit.BareIssuer.Request;
import io.github.realtimeticket.testkit.BareIssuer.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Web applications as people write them by hand, each with one mistake in what it issues, answers or limits. */
final class BrokenIssuers {

    private BrokenIssuers() {}

    /** Remembers a session's ticket, and gives it again. */
    static final class RemembersTickets extends BrokenIssuer {
        private final Map<Session, IssueAnswer> remembered = new ConcurrentHashMap<>();

        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return answer.status() == 200
                    ? remembered.computeIfAbsent(request.session().orElseThrow(), session -> answer)
                    : answer;
        }
    }

    /** Takes everybody for the user who came first. */
    static final class KnowsOneUser extends BrokenIssuer {
        private final Map<String, TicketHolder> holders = new ConcurrentHashMap<>();

        @Override
        public TicketHolder holder(Session session) {
            return holders.computeIfAbsent("the user", user -> super.holder(session));
        }
    }

    /** Lets caches keep its answers. */
    static final class LetsAnswersBeStored extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return without(answer, "Cache-Control");
        }
    }

    /** Answers every error with 200, as the original did. */
    static final class SaysOk extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return new IssueAnswer(200, answer.headers(), answer.body());
        }
    }

    /** Sends whoever is not logged in to a page. */
    static final class SendsToTheLoginPage extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return answer.status() == 401 ? new IssueAnswer(302, Map.of("Location", "/login"), "") : answer;
        }
    }

    /** Looks for the proof of a session that is over before it looks for the session. */
    static final class TakesLoggedOutForForged extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            boolean known = answer.status() != 401 || request.headers("Cookie").isEmpty();
            return known ? answer : new IssueAnswer(403, answer.headers(), answer.body());
        }
    }

    /** Begins a session for whoever is not logged in. */
    static final class BeginsASession extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return answer.status() == 401 ? with(answer, "Set-Cookie", "session=1") : answer;
        }
    }

    /** Shows to everybody how it failed. */
    static final class ShowsTheStackTrace extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            String body =
                    "{\"status\":\"error\",\"message\":\"out of reach\\n\\tat tickets.Store.put(Store.java:42)\"}";
            return answer.status() == 503 ? new IssueAnswer(503, answer.headers(), body) : answer;
        }
    }

    /** Counts for nobody. */
    static final class HasNoLimit extends BrokenIssuer {
        @Override
        public Issuer.Builder settings(Issuer.Builder settings) {
            return settings.unlimited();
        }
    }

    /** Counts for all users together. */
    static final class LimitsAllTogether extends BrokenIssuer {
        @Override
        public TicketHolder holder(Session session) {
            return TicketHolder.of(1, session.username());
        }
    }

    /** Counts for each session. */
    static final class LimitsEachSession extends BrokenIssuer {
        @Override
        public TicketHolder holder(Session session) {
            return TicketHolder.of(session.id(), session.username());
        }
    }

    /** Has something left of clients that have gone, which is seen by waiting, and so with little patience. */
    private abstract static class Leaking extends BrokenIssuer {
        @Override
        protected final Duration patience() {
            return Duration.ofSeconds(1);
        }
    }

    /** Frees a place when it has answered, and so none of a client that has gone. */
    static final class KeepsPlaces extends Leaking {
        private final Semaphore places = new Semaphore(64);

        @Override
        public void around(Handling handling) throws IOException {
            if (!places.tryAcquire()) {
                throw new IOException("No place is free");
            }
            handling.run();
            places.release();
        }
    }

    /** Lets a thread wait for whoever has gone. */
    static final class KeepsThreads extends Leaking {
        @Override
        public void around(Handling handling) throws IOException {
            try {
                handling.run();
            } catch (IOException gone) {
                LockSupport.park(gone);
            }
        }
    }

    /** Leaves a connection open whose client has said that it sends nothing more. */
    static final class KeepsConnections extends Leaking {
        @Override
        public void end(HttpExchange exchange) {}
    }

    /** Takes a client that has gone for a fault of its own. */
    static final class LogsWhoeverHasGone extends Leaking {
        @Override
        public void around(Handling handling) throws IOException {
            try {
                handling.run();
            } catch (IOException gone) {
                System.getLogger("answers").log(System.Logger.Level.ERROR, "Not answered", gone);
            }
        }
    }

    /** Does not say when to come back. */
    static final class SendsAwayForEver extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return without(answer, "Retry-After");
        }
    }
}
