// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

/** How work is spread over independent parts, so that threads seldom meet. */
final class Stripes {

    private Stripes() {}

    /** A power of two, at least this many and at least four for each processor. */
    static int count(int atLeast) {
        int wanted = Math.max(atLeast, Runtime.getRuntime().availableProcessors() * 4);
        return Integer.highestOneBit(wanted * 2 - 1);
    }

    /** Fibonacci hashing: neighbouring numbers end far apart, also in the low bits. */
    static int spread(long number) {
        return (int) ((number * 0x9E3779B97F4A7C15L) >>> 32);
    }
}
