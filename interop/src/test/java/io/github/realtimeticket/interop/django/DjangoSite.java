// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.interop.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The Django project of this module, served on a free port of the loopback interface. */
final class DjangoSite implements AutoCloseable {

    /** Django's own users, whose primary key is a number. */
    static final String NUMBERED = "auth.User";

    /** Users whose primary key is a UUID. */
    static final String WITH_UUIDS = "people.Person";

    private final Process process;
    private final String origin;

    private DjangoSite(Process process, String origin) {
        this.process = process;
        this.origin = origin;
    }

    /**
     * Serves it.
     *
     * @param form how it issues
     * @param users the user model
     * @param realtime where its page connects to
     * @param directory for its database and log, and with the page's scripts
     */
    static DjangoSite start(Form form, String users, int redisPort, String realtime, Path directory)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "django", ".log");
        ProcessBuilder builder = new ProcessBuilder(python().toString(), "serve.py", form.settings())
                .directory(Path.of("django").toFile())
                .redirectError(log.toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("USER_MODEL", users);
        builder.environment().put("REDIS_PORT", String.valueOf(redisPort));
        builder.environment().put("REALTIME_URL", realtime);
        builder.environment().put("SCRIPTS", directory.toString());
        builder.environment()
                .put(
                        "DATABASE",
                        Files.createTempFile(directory, "users", ".sqlite").toString());
        Process process = builder.start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null) {
            throw new IOException("Django did not start, see " + log + ":\n" + Files.readString(log));
        }
        return new DjangoSite(process, "http://127.0.0.1:" + line.substring("listening ".length()));
    }

    /** The Python that has Django. */
    static Path python() throws IOException, InterruptedException {
        return Tools.python(Path.of("django"));
    }

    /** The origin of its pages. */
    String origin() {
        return origin;
    }

    /** A user with this number who has logged in. */
    DjangoUser user(int number) throws Exception {
        return new DjangoUser(origin).logsIn(number);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
