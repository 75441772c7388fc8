// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** How many pairs a second, such as of an issue and a redemption. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
public abstract class Pairs {

    /** One of them, and what came of it. */
    abstract @Nullable Object pair() throws Exception;

    /** Pairs on one thread. */
    @Benchmark
    @Threads(1)
    public @Nullable Object oneThread() throws Exception {
        return pair();
    }

    /** Pairs on two threads. */
    @Benchmark
    @Threads(2)
    public @Nullable Object twoThreads() throws Exception {
        return pair();
    }
}
