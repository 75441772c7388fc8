// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An application in Helidon keeps the contract of an issuer. */
class HelidonIssuerContractTest {

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(Issuer issuer) {
            return new Site(issuer);
        }
    }

    @Nested
    class InRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }

    @Test
    void varyIsAddedToWhatOthersHaveSaid() throws Exception {
        Issuer toOthers = Issuer.builder(Tickets.of(TicketStore.inMemory()))
                .allowedOrigins(List.of("https://app.example"))
                .build();

        try (var site = new Site(toOthers)) {
            var headers = new WebUser("http://127.0.0.1:" + site.uri().getPort())
                    .post("/ticket/", "Origin", "https://app.example")
                    .headers();

            assertThat(headers.allValues("Vary")).containsExactly("Accept-Encoding", "Origin");
        }
    }

    /** Knows its users by a cookie. */
    static final class Site implements IssuerContract.RunningIssuer {

        private final Map<String, TicketHolder> users = new ConcurrentHashMap<>();
        private final WebServer server;

        Site(Issuer issuer) {
            var tickets = new HelidonTickets(
                    issuer,
                    request -> session(request).map(users::get).map(TicketGrant::to),
                    request -> session(request).equals(request.headers().first(HeaderNames.create("X-CSRF-Token"))));
            server = WebServer.builder()
                    .host("127.0.0.1")
                    .port(0)
                    .routing(routing -> routing.any((request, response) -> {
                                response.header("Vary", "Accept-Encoding");
                                response.next();
                            })
                            .any("/ticket/", tickets))
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
