// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    @Test
    void withoutOptionsBothPartsRunWithTicketsInMemory() {
        DemoOptions options = DemoOptions.parse();

        assertThat(options).isEqualTo(new DemoOptions(DemoOptions.Part.BOTH, 8080, 8081, null));
        assertThat(options.origin()).isEqualTo("http://localhost:8080");
        assertThat(options.realtimeUrl()).isEqualTo("ws://localhost:8081/chat");
    }

    @Test
    void eachOptionIsRead() {
        DemoOptions options = DemoOptions.parse(
                "--part", "web", "--port", "9000", "--realtime-port", "9001", "--redis", "redis://localhost:6379");

        assertThat(options).isEqualTo(new DemoOptions(DemoOptions.Part.WEB, 9000, 9001, "redis://localhost:6379"));
    }

    @Test
    void whatCannotBeRunIsRefusedWithTheOptionsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse("--port", "70000"))
                .withMessageContaining("--port")
                .withMessageContaining("65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse("--realtime-port"))
                .withMessageContaining("--realtime-port needs a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse("--port", "8081"))
                .withMessageContaining("must differ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse("--part", "web"))
                .withMessageContaining("--redis");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse("--verbose"))
                .withMessageContaining("--verbose");
    }
}
