// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * Candidates that take turns in one run: every round has each of them once, and each figure is the median of the rounds' ratios to
 * the first candidate, so that a busy machine matters little. {@link Plot} reads what is printed.
 */
final class Turns {

    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final int WARM_UP = 2;

    private Turns() {}

    /** What is compared. */
    interface Candidate {
        String name();

        /** Works once, and says what an operation of each kind cost, in the order of the titles. */
        List<Cost> run() throws Exception;
    }

    /** What is measured. */
    interface Work {
        void run() throws Exception;
    }

    /** What an operation takes, in nanoseconds, of time and of the processor time of the whole process. */
    record Cost(double time, double processor) {
        static Cost of(int operations, Work work) throws Exception {
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long processor = system.getProcessCpuTime();
            long start = System.nanoTime();
            work.run();
            long time = System.nanoTime() - start;
            return new Cost((double) time / operations, (double) (system.getProcessCpuTime() - processor) / operations);
        }
    }

    /** Runs and prints, for each title: how fast each candidate is and what processor time it takes, as ratios to the first. */
    static void compare(List<String> titles, List<? extends Candidate> candidates) throws Exception {
        var costs = new Cost[titles.size()][candidates.size()][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int candidate = 0; candidate < candidates.size(); candidate++) {
                List<Cost> now = candidates.get(candidate).run();
                for (int title = 0; round >= 0 && title < titles.size(); title++) {
                    costs[title][candidate][round] = now.get(title);
                }
            }
        }
        for (int title = 0; title < titles.size(); title++) {
            System.out.println(titles.get(title));
            Cost[] first = costs[title][0];
            for (int candidate = 0; candidate < candidates.size(); candidate++) {
                print(candidates.get(candidate).name(), costs[title][candidate], first);
            }
        }
    }

    private static void print(String name, Cost[] costs, Cost[] first) {
        var speed = new double[ROUNDS];
        var processor = new double[ROUNDS];
        var perSecond = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            speed[round] = first[round].time / costs[round].time;
            processor[round] = costs[round].processor / first[round].processor;
            perSecond[round] = 1e9 / costs[round].time;
        }
        System.out.printf(
                "  %-32s %5.2f   processor time %5.2f   %,9.0f a second%n",
                name, median(speed), median(processor), median(perSecond));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
