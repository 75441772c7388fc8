// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevocationsTest {

    @Test
    void whatIsKnownOfRevocationsIsEmptyIfItCannotBeTold() {
        assertThat(knowing(() -> "7-0").knownRevision()).contains("7-0");
        assertThat(knowing(() -> null).knownRevision()).isEmpty();
        assertThat(knowing(() -> {
                            throw new IllegalStateException("closed");
                        })
                        .knownRevision())
                .isEmpty();
        assertThat(knowing(() -> {
                            throw new NoClassDefFoundError("a driver");
                        })
                        .knownRevision())
                .isEmpty();
    }

    @Test
    void inMemoryARevisionSaysWhenAndGoesNotBackWithTheClock() {
        var millis = new AtomicLong(1_000);
        var revocations = new InMemoryRevocations(millis::get, System::nanoTime);
        List<String> revisions = new ArrayList<>(List.of(revocations.revision()));

        for (long time : List.of(2_000L, 1_500L, 3_000L)) {
            millis.set(time);
            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
            revisions.add(revocations.revision());
        }

        assertThat(revisions).containsExactly("1000-0", "2000-1", "2000-2", "3000-3");
    }

    private static Revocations knowing(Supplier<@Nullable String> revision) {
        return new Revocations() {
            @Override
            public CompletionStage<Void> revoke(Revocation revocation) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public Listening listen(RevocationListener listener) {
                return () -> {};
            }

            @Override
            public @Nullable String revision() {
                return revision.get();
            }

            @Override
            public boolean isCurrent() {
                return true;
            }
        };
    }
}
