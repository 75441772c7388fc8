// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The npm packages that a folder's package.json names. Without Node.js, what needs them is skipped; on CI it fails. */
final class Node {

    private Node() {}

    /** Where they are, once npm has installed them. */
    static Path modules(Path folder) throws IOException, InterruptedException {
        Path target = Files.createDirectories(Path.of("target", "npm-" + folder.getFileName()));
        Path wanted = folder.resolve("package.json");
        Path there = target.resolve("package.json");
        Path modules = target.resolve("node_modules").toAbsolutePath();
        if (Files.isDirectory(modules) && Files.mismatch(wanted, there) == -1) {
            return modules;
        }
        Files.copy(wanted, there, StandardCopyOption.REPLACE_EXISTING);
        String log = target.resolve("npm.log").toString();
        Process npm = start(new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
                .directory(target.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Path.of(log).toFile()));
        if (!npm.waitFor(3, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            Files.delete(there);
            throw new IOException("npm did not install what the tests need, see " + log);
        }
        return modules;
    }

    private static Process start(ProcessBuilder npm) {
        try {
            return npm.start();
        } catch (IOException e) {
            String reason = "No npm: " + e.getMessage();
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(reason, e);
            }
            System.out.println("[WARNING] Tests with Node.js are skipped. " + reason);
            return Assumptions.abort(reason);
        }
    }
}
