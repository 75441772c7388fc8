// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketLogin;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page on settings has those that there are, with their defaults. */
class SettingsDocumentTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(realtime-ticket\\.[a-z.-]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

    @Test
    void everySettingIsThereWithItsDefault() throws IOException {
        String page = Files.readString(Path.of("settings.md"));

        Map<String, String> shown = ROW.matcher(page)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> b, TreeMap::new));

        Map<String, String> settings = settings();
        assertThat(shown).containsOnlyKeys(settings.keySet());
        settings.forEach((name, value) ->
                assertThat(shown.get(name)).as(name).isEqualTo(value.isEmpty() ? shown.get(name) : "`" + value + "`"));
    }

    @Test
    void thereIsRoomForAbout88Authorities() {
        assertThatNoException().isThrownBy(encoding(88));
        assertThatIllegalArgumentException().isThrownBy(encoding(91));
    }

    @Test
    void theAccountsInRedisAreThoseThatTheStoreNames() throws IOException {
        String store = Files.readString(
                Path.of("../stores/redis/src/main/java/io/github/realtimeticket/redis/RedisTicketStore.java"));

        assertThat(Files.readString(Path.of("settings.md")).lines().filter(line -> line.contains("ACL SETUSER")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(store).contains(line.strip().replace(">…", "&gt;...")));
    }

    private static ThrowableAssert.ThrowingCallable encoding(int authorities) {
        List<String> roles = Stream.generate(() -> "ROLE_" + UUID.randomUUID())
                .limit(authorities)
                .toList();
        var value = new TicketValue(
                TicketHolder.of("alice", "alice"),
                TicketBinding.none().withOrigin("https://app.example"),
                Instant.now(),
                roles,
                TicketLogin.none(),
                null,
                null);
        return () -> TicketValueCodec.encode(value);
    }

    /** As the starter's own metadata has them; the text of a default, empty if there is none. */
    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (var url : Collections.list(SettingsDocumentTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream metadata = url.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(metadata).required("properties")) {
                    String name = property.required("name").asString();
                    if (name.startsWith("realtime-ticket.")) {
                        JsonNode value = property.get("defaultValue");
                        settings.put(name, value == null ? "" : value.asString());
                    }
                }
            }
        }
        return settings;
    }
}
