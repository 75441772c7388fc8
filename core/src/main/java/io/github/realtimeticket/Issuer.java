// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place where a user's request for a ticket is answered: the issuing side's {@link Gate}. Method, site, login, limit and store
 * are decided here, once, for every web stack (T12, T18).
 *
 * <p>Thread-safe, and never blocks. A stage completes on the store's thread.
 *
 * <p><b>Security:</b> a request must show with {@code Sec-Fetch-Site} or {@code Origin} that it comes from an allowed page. One that
 * has neither, as no current browser's, must carry what a foreign page cannot add: the application's own CSRF proof, or a bearer
 * or DPoP credential. A ticket is bound to the origin of the page that asked for it.
 */
public final class Issuer {

    private static final System.Logger LOG = System.getLogger(Issuer.class.getName());

    private final Tickets tickets;
    private final @Nullable String origin;
    private final Set<String> allowedOrigins;
    private final @Nullable IssueLimit requests;
    private final @Nullable IssueLimit pages;
    private final SparseLog storeFaults = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final SparseLog otherFaults = new SparseLog(LOG, System.Logger.Level.ERROR);

    private Issuer(Builder builder) {
        tickets = builder.tickets;
        origin = builder.origin;
        allowedOrigins = builder.allowedOrigins;
        // A foreign page can have its visitors' browsers open a page with a ticket, which must not cost them their own
        // requests.
        requests = builder.rate == null ? null : new IssueLimit(builder.rate, builder.nanoTime);
        pages = builder.rate == null ? null : new IssueLimit(builder.rate, builder.nanoTime);
    }

    /** An issuer of these tickets to pages of the application's own origin. */
    public static Issuer of(Tickets tickets) {
        return builder(tickets).build();
    }

    /** An issuer of these tickets, with settings. */
    public static Builder builder(Tickets tickets) {
        return new Builder(tickets);
    }

    /**
     * Answers a request for a ticket.
     *
     * <p>The stage never fails: a fault of the store is a 503, one of the application or of the request's adapter a 500.
     *
     * <p>The ticket of a user who is revoked from the beginning of this call on is refused. What reads the user earlier, such as a filter
     * before it, keeps what was known then for {@link IssueRequest#revision}.
     *
     * @param user the user who is logged in, and what the application says of this user; empty if nobody is. Asked at most once,
     *     and only if method and site are right
     */
    public CompletionStage<IssueAnswer> issue(
            IssueRequest request, Supplier<? extends Optional<? extends TicketGrant>> user) {
        try {
            IssueSite site = IssueSite.of(request, origin, allowedOrigins);
            Map<String, String> headers = headers(request, site);
            Optional<IssueAnswer> refused = misplaced(request, site);
            CompletionStage<IssueAnswer> answer = refused.isPresent()
                    ? CompletableFuture.completedFuture(refused.get())
                    : decide(
                                    request,
                                    user,
                                    () -> !needsCsrfProof(request, site) || request.hasCsrfProof(),
                                    IssueSite.bound(request, origin),
                                    requests)
                            .thenApply(Issued::answer);
            return answer.thenApply(said -> said.with(headers));
        } catch (Throwable e) {
            return CompletableFuture.completedFuture(unread(request, e));
        }
    }

    /**
     * What to answer whatever the application's own rules for its users are: another method, another site's page, nobody logged in,
     * or the preflight of an allowed page, or a fault of the request itself (500). Empty if the request is one for {@link #issue}.
     */
    public Optional<IssueAnswer> refuse(IssueRequest request, boolean loggedIn) {
        try {
            IssueSite site = IssueSite.of(request, origin, allowedOrigins);
            return misplaced(request, site)
                    .or(() -> loggedIn ? Optional.empty() : Optional.of(error(401, "Nobody is logged in")))
                    .map(answer -> answer.with(headers(request, site)));
        } catch (Throwable e) {
            return Optional.of(unread(request, e));
        }
    }

    /**
     * A ticket to put into a page that is rendered for this request, bound to the application's {@link Builder#origin}; nothing if
     * nobody is logged in, the page is not to be shown to the user now (a {@code HEAD}, a prefetch, a cross-site request that is no
     * navigation), the request cannot be read, the holder has had too many, or a fault of the store or the application occurs, so that
     * a page renders in any case.
     * The stage never fails.
     */
    public CompletionStage<Optional<Ticket>> issueForPage(
            IssueRequest request, Supplier<? extends Optional<? extends TicketGrant>> user) {
        try {
            return IssueSite.isShown(request)
                    ? decide(request, user, () -> true, origin, pages).thenApply(Issued::ticket)
                    : CompletableFuture.completedFuture(Optional.empty());
        } catch (Throwable e) {
            IssueAnswer unused = unread(request, e);
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    /**
     * Whether a ticket is issued for the request only if it carries the application's own proof. Asked by an integration whose framework
     * tells of the proof later, before it gives {@link #issue} a request whose {@link IssueRequest#hasCsrfProof()} knows.
     */
    public boolean needsCsrfProof(IssueRequest request) {
        return needsCsrfProof(request, IssueSite.of(request, origin, allowedOrigins));
    }

    /** The other origins whose pages may ask for tickets, as browsers send them. */
    public Set<String> allowedOrigins() {
        return allowedOrigins;
    }

    private Map<String, String> headers(IssueRequest request, IssueSite site) {
        return IssueHeaders.of(request, site, !allowedOrigins.isEmpty());
    }

    // An error and, from other languages, a checked exception too. Nothing more is asked of the request.
    private IssueAnswer unread(IssueRequest request, Throwable fault) {
        return failed("a request that cannot be read", fault).with(headers(request, IssueSite.FOREIGN));
    }

    private static boolean needsCsrfProof(IssueRequest request, IssueSite site) {
        return site == IssueSite.UNKNOWN && !IssueSite.hasOwnCredential(request);
    }

    private Optional<IssueAnswer> misplaced(IssueRequest request, IssueSite site) {
        if (IssueHeaders.isPreflight(request) && site == IssueSite.ALLOWED) {
            return Optional.of(new IssueAnswer(204, Map.of(), ""));
        }
        if (!request.method().equals("POST")) {
            return Optional.of(error(405, "A ticket is issued for POST only").with(Map.of("Allow", "POST")));
        }
        if (site == IssueSite.FOREIGN) {
            return Optional.of(
                    error(403, "The request comes from a page of another origin, or does not say from which one"));
        }
        return Optional.empty();
    }

    private CompletionStage<Issued> decide(
            IssueRequest request,
            Supplier<? extends Optional<? extends TicketGrant>> user,
            BooleanSupplier proof,
            @Nullable String bound,
            @Nullable IssueLimit limit) {
        try {
            // Before the body is read, for which the client may take its time, and before the user is asked for:
            // whoever is revoked in between has a ticket that says so.
            String revision = request.revision(tickets.revision());
            if (!request.isReadable()) {
                return refused(error(400, "Its query or its body cannot be read"));
            }
            TicketGrant grant = user.get().orElse(null);
            if (grant == null) {
                return refused(error(401, "Nobody is logged in"));
            }
            if (!proof.getAsBoolean()) {
                return refused(error(403, "The request does not show that it comes from a page of this origin"));
            }
            if (grant instanceof TicketGrant.Granted granted) {
                Duration wait = limit == null
                        ? Duration.ZERO
                        : limit.take(granted.holder().id());
                return wait.isZero() ? put(granted, bound, revision) : refused(tooMany(granted.holder(), wait));
            }
            return refused(error(403, "The application gives this user no ticket: " + grant));
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            return refused(failed("a user who asked for one", e));
        }
    }

    private CompletionStage<Issued> put(
            TicketGrant.Granted granted, @Nullable String bound, @Nullable String revision) {
        return tickets.issue(granted, bound, revision)
                .handle((ticket, fault) -> ticket == null
                        ? new Issued(Optional.empty(), failed(granted.holder().toString(), fault))
                        : new Issued(
                                Optional.of(ticket),
                                IssueAnswer.issued(
                                        ticket, tickets.timeToLive(granted).toSeconds())));
    }

    private IssueAnswer tooMany(TicketHolder holder, Duration wait) {
        tickets.listener().on(new TicketEvent.Limited(holder, wait));
        // Rounded up, so that whoever comes back then is let in (RFC 9110 section 10.2.3).
        long seconds = wait.plusNanos(999_999_999).toSeconds();
        return error(429, "This user has asked for too many tickets; the next one is there in " + seconds + " s")
                .with(Map.of("Retry-After", Long.toString(seconds)));
    }

    private IssueAnswer failed(String whom, @Nullable Throwable fault) {
        Throwable cause = fault == null ? null : TicketStoreException.unwrap(fault);
        String text = "No ticket for " + whom + ": " + JsonValues.escape(String.valueOf(cause));
        if (cause instanceof TicketStoreException) {
            storeFaults.say(text, null);
            return error(503, text);
        }
        // A mistake that is found by a check says itself what is wrong.
        otherFaults.say(text, cause instanceof IllegalArgumentException ? null : cause);
        return error(500, text);
    }

    private static CompletionStage<Issued> refused(IssueAnswer answer) {
        return CompletableFuture.completedFuture(new Issued(Optional.empty(), answer));
    }

    private IssueAnswer error(int status, String detail) {
        LOG.log(System.Logger.Level.DEBUG, () -> "A request for a ticket is answered with " + status + ": " + detail);
        return IssueAnswer.error(status);
    }

    /** A ticket, and what to answer with it or without it. */
    private record Issued(Optional<Ticket> ticket, IssueAnswer answer) {}

    /** The settings of an {@link Issuer}. Not thread-safe. */
    public static final class Builder {

        private final Tickets tickets;
        private @Nullable String origin;
        private Set<String> allowedOrigins = Set.of();
        private IssueLimit.@Nullable Rate rate = new IssueLimit.Rate(30, 2);
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(Tickets tickets) {
            this.tickets = Objects.requireNonNull(tickets, "tickets");
        }

        /**
         * The origin of the application's pages where a request cannot tell it, as behind a proxy that rewrites {@code Host}; tickets
         * in pages are bound to it.
         *
         * @throws IllegalArgumentException if it is not an origin such as {@code https://app.example}
         */
        @CanIgnoreReturnValue
        public Builder origin(@Nullable String origin) {
            this.origin = origin == null ? null : Origin.of(origin).text();
            return this;
        }

        /**
         * The other origins whose pages may ask for tickets, with credentials; none unless told otherwise, and then no CORS header is
         * ever sent (T12).
         *
         * @throws IllegalArgumentException if one is not an origin such as {@code https://app.example}
         */
        @CanIgnoreReturnValue
        public Builder allowedOrigins(Collection<String> origins) {
            allowedOrigins = Origin.texts(origins);
            return this;
        }

        /**
         * How many tickets each holder gets at once, and how many a second after that (T18): 30 and 2 unless told otherwise. For
         * requests, and the same again for pages.
         *
         * @throws IllegalArgumentException if the burst is not 1 to 1,000,000, or the rate not 0.001 to 1,000,000
         */
        @CanIgnoreReturnValue
        public Builder limit(int burst, double perSecond) {
            rate = new IssueLimit.Rate(burst, perSecond);
            return this;
        }

        /** No limit, where something before this issuer has one for each user. */
        @CanIgnoreReturnValue
        public Builder unlimited() {
            rate = null;
            return this;
        }

        /** The monotonic clock of the limit; one that a test moves. */
        @CanIgnoreReturnValue
        Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /** An issuer with these settings. */
        public Issuer build() {
            return new Issuer(this);
        }
    }
}
