// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.nio.charset.StandardCharsets;
import java.security.DrbgParameters;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the text of new tickets (T1).
 *
 * <p>One {@link SecureRandom} is one lock for all threads, and the platform's default one is the same lock however many are
 * made. So there are several independent SP 800-90A generators, each seeded by the operating system, each filling a small
 * buffer after a reseed, of which nothing older than a second is used, and a thread keeps to one of them.
 *
 * <p>Thread-safe.
 */
final class TicketGenerator {

    static final TicketGenerator SHARED = new TicketGenerator();

    private static final int TICKET_BYTES = 20;
    private static final int TICKETS_A_FILL = 64;
    private static final int STRENGTH_BITS = 256;
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private final Stripe[] stripes;

    TicketGenerator() {
        this(TicketGenerator::generator, System::nanoTime);
    }

    TicketGenerator(Supplier<SecureRandom> generators, LongSupplier nanoTime) {
        stripes = new Stripe[Stripes.count(16)];
        Arrays.setAll(stripes, i -> new Stripe(generators, nanoTime));
    }

    String next() {
        int spread = Stripes.spread(Thread.currentThread().getId());
        return stripes[spread & (stripes.length - 1)].next();
    }

    private static final class Stripe {

        private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

        private final Supplier<SecureRandom> generators;
        private final LongSupplier nanoTime;
        private @Nullable SecureRandom random;
        private final byte[] buffer = new byte[TICKET_BYTES * TICKETS_A_FILL];
        private int position = buffer.length;
        private long filled;

        Stripe(Supplier<SecureRandom> generators, LongSupplier nanoTime) {
            this.generators = generators;
            this.nanoTime = nanoTime;
        }

        String next() {
            byte[] bits;
            synchronized (this) {
                if (position == buffer.length || nanoTime.getAsLong() - filled > FRESH) {
                    fill();
                }
                bits = Arrays.copyOfRange(buffer, position, position + TICKET_BYTES);
                // What has become a ticket is not left in the buffer for a heap dump to find.
                Arrays.fill(buffer, position, position + TICKET_BYTES, (byte) 0);
                position += TICKET_BYTES;
            }
            return new String(ENCODER.encode(bits), StandardCharsets.ISO_8859_1);
        }

        private void fill() {
            if (random == null) {
                random = generators.get();
            }
            reseed(random);
            random.nextBytes(buffer);
            position = 0;
            filled = nanoTime.getAsLong();
        }
    }

    // A generator reseeds itself once in 2^31 fills, so clones of a process would issue each other's tickets for good.
    private static void reseed(SecureRandom random) {
        try {
            random.reseed();
        } catch (UnsupportedOperationException e) {
            // One of the operating system, which has no state of its own here.
        }
    }

    private static SecureRandom generator() {
        try {
            var parameters = DrbgParameters.instantiation(STRENGTH_BITS, DrbgParameters.Capability.RESEED_ONLY, null);
            return SecureRandom.getInstance("DRBG", parameters);
        } catch (NoSuchAlgorithmException e) {
            // A platform restricted to other providers (FIPS): what it offers by default is what its operator chose.
            return new SecureRandom();
        }
    }
}
