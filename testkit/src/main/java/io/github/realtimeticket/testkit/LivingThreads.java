// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/** The threads of this process. */
final class LivingThreads {

    private LivingThreads() {}

    /** How many there are, virtual ones among them, which Java has from 21 on. */
    static long count() {
        try {
            return Thread.getAllStackTraces().size() + (Runtime.version().feature() < 21 ? 0 : virtual());
        } catch (IOException | JMException e) {
            throw new IllegalStateException(e);
        }
    }

    // A dump into a new file is all that tells of them.
    private static long virtual() throws IOException, JMException {
        Path dump = Files.createTempFile("threads", null);
        Files.delete(dump);
        Object unused = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                        "dumpThreads",
                        new Object[] {dump.toString(), "TEXT_PLAIN"},
                        new String[] {String.class.getName(), String.class.getName()});
        List<String> lines = Files.readAllLines(dump);
        Files.delete(dump);
        return lines.stream()
                .filter(line -> line.matches("#\\d+ \".*\" virtual.*"))
                .count();
    }
}
