// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The stack traces that this process logs meanwhile as faults, on its console or by {@code java.util.logging}. At INFO Tomcat says once a day
 * what it could not read, with one.
 */
final class StackTraces extends Handler implements AutoCloseable {

    private static final Pattern LEVEL = Pattern.compile("\\b(TRACE|DEBUG|INFO|FINE|WARN|WARNING|ERROR|SEVERE)\\b");
    private static final Pattern HARMLESS = Pattern.compile("\\b(TRACE|DEBUG|INFO|FINE)\\b");

    private final Logger root = Logger.getLogger("");
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    StackTraces() {
        root.addHandler(this);
        System.setOut(copied(out));
        System.setErr(copied(err));
    }

    /** What was said with each. */
    List<String> found() {
        List<String> found = new ArrayList<>();
        String last = "";
        boolean inside = false;
        for (String line : said.toString(StandardCharsets.UTF_8).split("\n", -1)) {
            boolean trace = line.startsWith("\tat ");
            if (trace && !inside && !HARMLESS.matcher(last).find()) {
                found.add(last);
            }
            inside = trace || (inside && (line.startsWith("\t") || line.startsWith("Caused by: ")));
            if (LEVEL.matcher(line).find()) {
                last = line;
            }
        }
        return found;
    }

    @Override
    public void publish(@Nullable LogRecord line) {
        if (line != null && line.getThrown() != null) {
            String text = line.getLevel().getName() + " " + line.getMessage() + " " + line.getThrown() + "\n\tat it\n";
            said.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
        System.setOut(out);
        System.setErr(err);
    }

    private PrintStream copied(OutputStream console) {
        return new PrintStream(
                new FilterOutputStream(console) {
                    @Override
                    public void write(int b) throws IOException {
                        said.write(b);
                        out.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        said.write(bytes, offset, length);
                        out.write(bytes, offset, length);
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }
}
