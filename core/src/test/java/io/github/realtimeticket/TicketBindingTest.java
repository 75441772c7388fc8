// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketBindingTest {

    @Test
    void noneIsBoundToNothing() {
        assertThat(TicketBinding.none()).isEqualTo(new TicketBinding(null, null));
    }

    @Test
    void eachPartIsReplacedAlone() {
        TicketBinding binding = TicketBinding.none().withAudience("chat").withOrigin("https://app.example");

        assertThat(binding).isEqualTo(new TicketBinding("chat", "https://app.example"));
        assertThat(binding.withAudience(null)).isEqualTo(new TicketBinding(null, "https://app.example"));
        assertThat(binding.withOrigin(null)).isEqualTo(new TicketBinding("chat", null));
    }

    @Test
    void aPartHas1To512CharactersOfUnicode() {
        String longest = "x".repeat(512);

        assertThat(new TicketBinding(longest, longest).audience()).isEqualTo(longest);
        for (String odd : List.of("", longest + "x", "a\ud83d")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketBinding.none().withAudience(odd))
                    .withMessageContaining("audience");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketBinding.none().withOrigin(odd))
                    .withMessageContaining("origin");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example, https://app.example",
        "HTTPS://App.Example, https://app.example",
        "https://app.example:443, https://app.example",
        "http://app.example:80, http://app.example",
        "http://app.example:443, http://app.example:443",
        "https://app.example:8443, https://app.example:8443",
        "http://[::1]:8080, http://[::1]:8080",
        "http://127.0.0.1:8080, http://127.0.0.1:8080"
    })
    void aConfiguredOriginIsBroughtIntoTheFormThatBrowsersSend(String configured, String sent) {
        assertThat(Origin.of(configured)).hasToString(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "null",
                "app.example",
                "https://",
                "https://app.example/",
                "https://app.example?",
                "https://app.example#",
                "https://user@app.example",
                "https://app.example:",
                "https://app.example:0443",
                "https://*.app.example",
                "https://a b",
                "mailto:a@b"
            })
    void whatIsNoOriginIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Origin.of(text))
                .withMessageContaining("https://app.example");
    }
}
