// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as the address asks for it. The relay ends it, because not every platform's test Redis is built with it. */
class TlsTest {

    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    static Path directory;

    private static Path keys;
    private static TestRedis redis;
    private static Relay relay;

    @BeforeAll
    static void startRedisBehindTls() throws Exception {
        keys = directory.resolve("keys.p12");
        makeCertificate(keys);
        redis = TestRedis.start();
        relay = new Relay(redis.port(), tls());
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        redis.close();
    }

    @Test
    void aTrustedServerIsUsed() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = RedisTicketStore.builder(uri())
                .sslOptions(SslOptions.builder()
                        .truststore(keys.toFile(), new String(PASSWORD))
                        .build())
                .timeout(PATIENT)
                .build()) {
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() {
        try (RedisTicketStore store =
                RedisTicketStore.builder(uri()).timeout(PATIENT).build()) {
            assertThat(failureOf(store.take(ticket()))).hasStackTraceContaining("SSLHandshakeException");
        }
    }

    private static RedisURI uri() {
        return RedisURI.builder(relay.uri()).withSsl(true).build();
    }

    private static void makeCertificate(Path file) throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keyalg",
                        "EC",
                        "-alias",
                        "redis",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=IP:127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private static ServerSocketFactory tls() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
