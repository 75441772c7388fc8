// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The threads of this process. */
final class LivingThreads {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private LivingThreads() {}

    /** How many there are, virtual ones among them where the JVM can tell: HotSpot can from 21 on, OpenJ9 cannot. */
    static long count() {
        try {
            var diagnostic = new ObjectName("com.sun.management:type=HotSpotDiagnostic");
            return Thread.getAllStackTraces().size() + (tellsVirtual(diagnostic) ? virtual(diagnostic) : 0);
        } catch (IOException | JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean tellsVirtual(ObjectName diagnostic) throws JMException {
        return SERVER.isRegistered(diagnostic)
                && Stream.of(SERVER.getMBeanInfo(diagnostic).getOperations())
                        .anyMatch(operation -> operation.getName().equals("dumpThreads"));
    }

    // A dump into a new file is all that tells of them.
    private static long virtual(ObjectName diagnostic) throws IOException, JMException {
        Path dump = Files.createTempFile("threads", null);
        Files.delete(dump);
        Object unused =
                SERVER.invoke(diagnostic, "dumpThreads", new Object[] {dump.toString(), "TEXT_PLAIN"}, new String[] {
                    String.class.getName(), String.class.getName()
                });
        List<String> lines = Files.readAllLines(dump);
        Files.delete(dump);
        return lines.stream()
                .filter(line -> line.matches("#\\d+ \".*\" virtual.*"))
                .count();
    }
}
