// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Puts the same values into a bare {@link ConcurrentHashMap} and removes them: what the processor's caches cost whoever keeps so many.
 * Nothing expires, nothing is bounded, and the texts can be guessed.
 */
public class BareMap extends Pairs {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    /** How many values stay, over and above the one that each thread has in hand. */
    @Param({"0", "1000", "20000", "100000", "1000000"})
    public int outstanding;

    private ConcurrentHashMap<String, TicketValue> map = new ConcurrentHashMap<>();

    /** Puts the values that stay. */
    @Setup
    public void fill() {
        map = new ConcurrentHashMap<>();
        for (int i = 0; i < outstanding; i++) {
            map.put(text(), value(TicketHolder.of(i, "alice")));
        }
    }

    @Override
    @Nullable
    TicketValue pair() {
        String text = text();
        map.put(text, value(ALICE));
        return map.remove(text);
    }

    private static String text() {
        var bits = new byte[20];
        ThreadLocalRandom.current().nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    private static TicketValue value(TicketHolder holder) {
        return new TicketValue(holder, TicketBinding.none(), Instant.now());
    }
}
