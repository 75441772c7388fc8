// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop;

import io.github.realtimeticket.fixtures.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Python and Node.js with the packages that a folder of this module names, installed below target/ when they are first needed. */
public final class Tools {

    private static final int PATIENCE_MINUTES = 4;

    private Tools() {}

    /**
     * The interpreter of a virtual environment with what requirements.txt names.
     *
     * @param options further options of {@code pip install}
     */
    public static Path python(Path folder, String... options) throws IOException, InterruptedException {
        Path environment = Path.of("target", "python-" + folder.getFileName()).toAbsolutePath();
        Path python = environment.resolve("bin").resolve("python");
        install(folder.resolve("requirements.txt"), environment, wanted -> {
            run(environment, "python3", "-m", "venv", "--clear", environment.toString());
            List<String> install = new ArrayList<>(List.of(options));
            install.addAll(0, List.of(python.toString(), "-m", "pip", "install", "-r", wanted.toString()));
            run(environment, install.toArray(String[]::new));
        });
        return python;
    }

    /** The directory with what package.json names. */
    public static Path nodeModules(Path folder) throws IOException, InterruptedException {
        Path target = Path.of("target", "npm-" + folder.getFileName()).toAbsolutePath();
        install(folder.resolve("package.json"), target, wanted -> {
            Path copy = Files.copy(wanted, target.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
            run(copy.getParent(), "npm", "install", "--no-audit", "--no-fund", "--no-package-lock");
        });
        return target.resolve("node_modules");
    }

    // Once for each state of the file that names the packages.
    private static void install(Path wanted, Path target, Installation installation)
            throws IOException, InterruptedException {
        Path done = target.resolve("installed.txt");
        if (Files.exists(done) && Files.mismatch(wanted, done) == -1) {
            return;
        }
        Files.createDirectories(target);
        installation.run(wanted.toAbsolutePath());
        Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        Path log = directory.resolveSibling(directory.getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(Map.of("PIP_DISABLE_PIP_VERSION_CHECK", "1"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw Missing.tool("No " + command[0]);
        }
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw Missing.tool(List.of(command).subList(0, 3) + " failed, see " + log);
        }
    }

    private interface Installation {
        void run(Path wanted) throws IOException, InterruptedException;
    }
}
