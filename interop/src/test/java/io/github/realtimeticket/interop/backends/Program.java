// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import io.github.realtimeticket.fixtures.Missing;
import io.github.realtimeticket.interop.Tools;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A backend that can be started.
 *
 * @param command how
 * @param directory where
 */
record Program(List<String> command, Path directory) {

    private static final Path PYTHON = Path.of("backends", "python");
    private static final Path CYCLONE = Path.of("backends", "cyclone");
    private static final Path NODE = Path.of("backends", "node");

    /** What makes one, once what it needs is installed. */
    interface Source {
        Program get() throws IOException, InterruptedException;
    }

    static Program python(String... arguments) throws IOException, InterruptedException {
        return in(PYTHON, Tools.python(PYTHON).toString(), arguments);
    }

    // Cyclone 1.3 wants a Twisted from 2019, which Python 3.11 cannot build; the one from 2022 does.
    static Program cyclone() throws IOException, InterruptedException {
        Process asked = new ProcessBuilder(
                        Tools.python(PYTHON).toString(), "-c", "import sys; sys.exit(sys.version_info >= (3, 12))")
                .start();
        if (asked.waitFor() != 0) {
            throw Missing.tool("Cyclone needs a Python that is not newer than 3.11");
        }
        return in(PYTHON, Tools.python(CYCLONE, "--no-deps").toString(), "cyclone_backend.py");
    }

    // Modules look for packages beside themselves, so they are taken to where those are installed.
    static Program node(String... arguments) throws IOException, InterruptedException {
        Path installed = Tools.nodeModules(NODE).getParent();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(NODE, "*.mjs")) {
            for (Path module : modules) {
                Files.copy(module, installed.resolve(module.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return in(installed, "node", arguments);
    }

    private static Program in(Path directory, String command, String... arguments) {
        List<String> whole = new java.util.ArrayList<>(List.of(arguments));
        whole.add(0, command);
        return new Program(whole, directory);
    }

    /** Not started yet, with its output in a file. */
    ProcessBuilder process(Path output) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        return builder;
    }
}
