// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** An application in Helidon keeps the contract of an issuer. */
class HelidonIssuerContractTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
            return new Site(store, allowedOrigins);
        }
    }

    @Nested
    class InRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return RedisTicketStore.builder(redis.uri())
                    .timeout(Duration.ofSeconds(10))
                    .build();
        }
    }

    /** Knows its users by a cookie. */
    static final class Site implements IssuerContract.RunningIssuer {

        private final Map<String, TicketHolder> users = new ConcurrentHashMap<>();
        private final WebServer server;

        Site(TicketStore store, Set<String> allowedOrigins) {
            var tickets = new HelidonTickets(
                    Issuer.builder(Tickets.of(store))
                            .allowedOrigins(allowedOrigins)
                            .build(),
                    request -> session(request).map(users::get).map(TicketGrant::to),
                    request -> session(request).equals(request.headers().first(HeaderNames.create("X-CSRF-Token"))));
            server = WebServer.builder()
                    .host("127.0.0.1")
                    .port(0)
                    .routing(routing -> routing.any("/ticket/", tickets))
                    .build()
                    .start();
        }

        private static Optional<String> session(ServerRequest request) {
            return request.headers().cookies().first("session").asOptional();
        }

        @Override
        public URI uri() {
            return URI.create("http://127.0.0.1:" + server.port() + "/ticket/");
        }

        @Override
        public IssuerContract.Login login(String username) {
            String session = UUID.randomUUID().toString();
            users.put(session, TicketHolder.of(username, username));
            return new IssuerContract.Login(List.of("Cookie: session=" + session), List.of("X-CSRF-Token: " + session));
        }

        @Override
        public void close() {
            server.stop();
        }
    }
}
