// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever finds the reason of a refusal in the log finds it on the page on troubleshooting, below its status. */
class RefusalsDocumentTest {

    @ParameterizedTest
    @EnumSource
    void everyReasonIsToldBelowItsStatus(Refusal reason) throws IOException {
        String page = Files.readString(Path.of("troubleshooting.md"));

        var section = Pattern.compile("^## " + reason.status() + "\\b.*?(?=^## )", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page);

        assertThat(section.find()).isTrue();
        assertThat(section.group()).contains("`" + reason + "`");
    }
}
