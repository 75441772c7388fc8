// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.RemoteStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** A {@link StompApplication} that one property has made ask for tickets, with a store that can be out of reach. */
final class StompSite implements AutoCloseable {

    static final String AUDIENCE = "chat";
    static final String ORIGIN = "https://app.example";

    /** Where its tickets are. */
    enum Store {
        MEMORY,
        REDIS
    }

    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Heard heard = new Heard();
    private final Application application;
    private final OutOfReach outOfReach;

    private interface OutOfReach {
        void become(boolean outOfReach);
    }

    StompSite(Store kind, Class<?> main, String... properties) throws IOException {
        List<String> settings = new ArrayList<>(List.of(properties));
        settings.add("realtime-ticket.gate.stomp=true");
        settings.add("realtime-ticket.audience=" + AUDIENCE);
        if (kind == Store.MEMORY) {
            var store = new RemoteStore();
            outOfReach = down -> {
                if (down) {
                    store.down();
                } else {
                    store.up();
                }
            };
            application = Application.start(
                    main,
                    Map.of("heard", heard, "store", store, "revocations", Revocations.inMemory()),
                    settings.toArray(String[]::new));
        } else {
            var redis = new Redis();
            var relay = new Relay(redis.port());
            parts.add(redis);
            parts.add(relay);
            outOfReach = down -> {
                if (down) {
                    relay.loseAnswersTo("GETDEL");
                } else {
                    relay.heal();
                }
            };
            settings.add("realtime-ticket.store=redis");
            settings.add("realtime-ticket.revocations.enabled=true");
            settings.add("realtime-ticket.redis.timeout=10s");
            settings.add("realtime-ticket.redis.url=redis://127.0.0.1:" + relay.port());
            application = Application.start(main, Map.of("heard", heard), settings.toArray(String[]::new));
        }
        parts.add(application);
    }

    Application application() {
        return application;
    }

    Heard heard() {
        return heard;
    }

    URI root() {
        return application.uri("http", "/");
    }

    StompPeer open(String... headers) throws Exception {
        return open(StompPeer.Way.WEBSOCKET, headers);
    }

    StompPeer open(StompPeer.Way way, String... headers) throws Exception {
        return StompPeer.open(root(), way, headers);
    }

    String ticket(TicketHolder holder) {
        return ticket(TicketGrant.to(holder).withAudience(AUDIENCE));
    }

    String ticket(TicketGrant.Granted grant) {
        return application
                .bean(Tickets.class)
                .issue(grant, null)
                .toCompletableFuture()
                .join()
                .reveal();
    }

    void revoke(Revocation revocation) {
        application
                .bean(Revocations.class)
                .revoke(revocation)
                .toCompletableFuture()
                .join();
    }

    /** The text of a ticket for alice. */
    String ticket() {
        return ticket(TicketBinding.none().withAudience(AUDIENCE));
    }

    String ticket(TicketBinding binding) {
        return application.issue(TicketHolder.of(1, "alice"), binding);
    }

    String expired() throws InterruptedException {
        String ticket = Tickets.builder(application.bean(TicketStore.class))
                .audience(AUDIENCE)
                .timeToLive(Duration.ofSeconds(1))
                .build()
                .issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
        Thread.sleep(1_100);
        return ticket;
    }

    /** Whether a ticket is still there; it is used up by this. */
    boolean isGood(String ticket) {
        return application.isGood(ticket);
    }

    /** Takes the store out of reach, or puts it back and waits until it answers. */
    void outOfReach(boolean down) throws InterruptedException {
        outOfReach.become(down);
        for (int i = 0; !down && !isBack(); i++) {
            Assertions.assertTrue(i < 600, "The store did not come back");
            Thread.sleep(50);
        }
    }

    private boolean isBack() {
        try {
            return isGood(ticket());
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
    }
}
