// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The scripts of the page: the real jQuery, and ours. */
final class Scripts {

    private static final String JQUERY = "/META-INF/resources/webjars/jquery/3.7.1/dist/jquery.min.js";

    private Scripts() {}

    /** Puts them into this directory. */
    static Path in(Path directory) throws IOException {
        try (InputStream jquery = Scripts.class.getResourceAsStream(JQUERY)) {
            Files.copy(jquery, directory.resolve("jquery.js"));
        }
        Files.copy(Path.of("page", "realtime.js"), directory.resolve("realtime.js"));
        return directory;
    }
}
