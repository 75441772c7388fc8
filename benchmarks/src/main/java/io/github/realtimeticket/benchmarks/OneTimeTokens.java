// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.TicketStore;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.security.authentication.ott.GenerateOneTimeTokenRequest;
import org.springframework.security.authentication.ott.InMemoryOneTimeTokenService;
import org.springframework.security.authentication.ott.JdbcOneTimeTokenService;
import org.springframework.security.authentication.ott.OneTimeToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenService;

/** The same with Spring Security's one-time tokens, in memory or by JDBC in an H2 in memory, for comparison. */
public class OneTimeTokens extends Pairs {

    private static final GenerateOneTimeTokenRequest ALICE =
            new GenerateOneTimeTokenRequest("alice", TicketStore.LONGEST_TIME_TO_LIVE);

    /** How many tokens are outstanding, over and above the one that each thread has in hand. */
    @Param({"0", "1000", "20000"})
    public int outstanding;

    /** Where they are kept. */
    @Param({"memory", "jdbc"})
    public String kept = "memory";

    private OneTimeTokenService service = new InMemoryOneTimeTokenService();

    /** Makes the tokens that stay; they outlive the trial. */
    @Setup
    public void fill() {
        service = kept.equals("jdbc") ? jdbc() : new InMemoryOneTimeTokenService();
        for (int i = 0; i < outstanding; i++) {
            OneTimeToken unused = service.generate(ALICE);
        }
    }

    /** Ends the thread that removes expired rows, where there is one. */
    @TearDown
    public void end() throws Exception {
        if (service instanceof DisposableBean disposable) {
            disposable.destroy();
        }
    }

    @Override
    @Nullable
    OneTimeToken pair() {
        String value = service.generate(ALICE).getTokenValue();
        return service.consume(new OneTimeTokenAuthenticationToken(value));
    }

    private static OneTimeTokenService jdbc() {
        var database = new EmbeddedDatabaseBuilder()
                .setType(EmbeddedDatabaseType.H2)
                .generateUniqueName(true)
                .addScript("org/springframework/security/core/ott/jdbc/one-time-tokens-schema.sql")
                .build();
        return new JdbcOneTimeTokenService(new JdbcTemplate(database));
    }
}
