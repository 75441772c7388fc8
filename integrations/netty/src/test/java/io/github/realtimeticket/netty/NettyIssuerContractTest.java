// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyIssuerContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
            var server = new IssuingServer(store, allowedOrigins, 0);
            String root = "http://127.0.0.1:" + server.port();
            return new WebIssuer(URI.create(root + "/ticket/"), name -> login(root, name), server::close);
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

    private static WebUser login(String root, String username) throws Exception {
        var user = new WebUser(root);
        var unused = user.get("/login?user=" + URLEncoder.encode(username, StandardCharsets.UTF_8));
        return user.readCsrf();
    }
}
