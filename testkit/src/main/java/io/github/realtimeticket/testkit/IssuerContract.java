// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What every web application that issues tickets must pass: a real server, asked from outside over bare sockets.
 *
 * <p>It is started twice, without and with an allowed origin, and serves all tests of the class.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class IssuerContract {

    /** The origin of the pages that are allowed by name. */
    static final String ALLOWED = "https://app.example";

    @AutoClose
    private FarStore store;

    @AutoClose
    private IssueDesk own;

    @AutoClose
    private IssueDesk shared;

    /** Starts a web application on a free port of the loopback interface that asks this issuer. */
    protected abstract RunningIssuer serve(Issuer issuer) throws Exception;

    /**
     * The store that the tickets are in, empty and for this class alone; in memory by default. It is closed at the end if it can be.
     *
     * @param nanoTime the time, for a store that takes its clock from outside; how long a ticket lives is read from what the store is told
     */
    protected TicketStore store(LongSupplier nanoTime) throws Exception {
        return new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, nanoTime);
    }

    /** A web application that was started. */
    public interface RunningIssuer extends AutoCloseable {

        /** The address where it issues tickets: {@code http://127.0.0.1:port/ticket/}, or another path that ends so. */
        URI uri();

        /** Logs in a user of any name, in a session of its own; tickets stand for this username. */
        Login login(String username) throws Exception;

        /** Stops the server. */
        @Override
        void close() throws IOException;
    }

    /**
     * The header lines of a logged-in user's requests.
     *
     * @param session what a browser sends with every request, such as {@code Cookie: session=1}, a line for each cookie
     * @param proof what only a page of the application can add against forged requests, such as {@code X-CSRF-Token: 1}
     */
    public record Login(List<String> session, List<String> proof) {

        /** Shows neither. */
        @Override
        public String toString() {
            return "Login";
        }
    }

    @BeforeAll
    void start() throws Exception {
        store = new FarStore(this::store);
        own = new IssueDesk(serve(issuer(store, Set.of())), store);
        shared = new IssueDesk(serve(issuer(store, Set.of(ALLOWED))), store);
    }

    Issuer issuer(TicketStore store, Set<String> allowedOrigins) {
        return Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build();
    }

    /** How long it may take on this machine until nothing is left of whoever has gone; 10 s unless told otherwise. */
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }

    @Nested
    class WhatIsIssued extends IssuedScenarios {
        WhatIsIssued() {
            super(own);
        }
    }

    @Nested
    class HowToAsk extends AskedScenarios {
        HowToAsk() {
            super(own);
        }
    }

    @Nested
    class FromWhichPage extends SiteScenarios {
        FromWhichPage() {
            super(own);
        }
    }

    @Nested
    class AcrossOrigins extends CorsScenarios {
        AcrossOrigins() {
            super(own, shared);
        }
    }

    @Nested
    class UnderStrain extends StrainedScenarios {
        UnderStrain() {
            super(own, shared);
        }
    }

    @Nested
    class WhoeverDoesNotWait extends VanishingScenarios {
        WhoeverDoesNotWait() {
            super(own, patience());
        }
    }
}
