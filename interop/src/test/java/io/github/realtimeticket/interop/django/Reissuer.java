// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.Ticket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program in another language that takes the value of each ticket it is given and issues it on under a new ticket. */
final class Reissuer implements AutoCloseable {

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    Reissuer(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("roundtrip").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        in = process.outputWriter();
        out = process.inputReader();
    }

    Ticket reissue(Ticket ticket) throws IOException {
        in.write(ticket.reveal() + "\n");
        in.flush();
        return Ticket.parse(out.readLine()).orElseThrow(() -> new IOException("No ticket came back"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        in.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
