// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.servers;

import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.RedisTicketStoreBuilder;
import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The accounts in the Javadoc of {@link RedisTicketStore}, which tell keys to write from keys to read: servers from Redis 7.0 on do. */
class AccountsTest extends AccountScenarios {

    @TempDir
    private static Path directory;

    @AutoClose
    private static Valkey valkey;

    @BeforeAll
    static void start() throws Exception {
        valkey = new Valkey(directory);
        valkey.operate(cli -> {
            account(cli, "issuer", BOTH + "+set %W~ticket:*");
            account(cli, "redeemer", BOTH + "+getdel %RW~ticket:*");
            account(cli, "tracer", BOTH + "+set %RW~ticket:*");
            account(cli, "revoker", BOTH + "+set %W~ticket:*" + FEED + " +xadd %RW~ticket-revocations");
            account(cli, "listener", BOTH + "+getdel %RW~ticket:*" + FEED);
        });
    }

    @Override
    protected RedisURI uri() {
        return valkey.uri();
    }

    @Override
    protected RedisTicketStoreBuilder storeAt(RedisURI uri) {
        return RedisTicketStore.builder(uri);
    }
}
