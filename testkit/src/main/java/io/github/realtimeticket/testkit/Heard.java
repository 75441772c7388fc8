// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a listener to revocations has been told, in order. Thread-safe. */
public final class Heard implements RevocationListener {

    private final Duration patience;
    private final List<Revocation> revocations = new ArrayList<>();
    private final List<String> revisions = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();

    Heard(Duration patience) {
        this.patience = patience;
    }

    /** What this feed tells. */
    public static Heard of(Revocations feed) {
        return of(feed, Eventually.PATIENCE);
    }

    static Heard of(Revocations feed, Duration patience) {
        var heard = new Heard(patience);
        Revocations.Listening unused = feed.listen(heard);
        return heard;
    }

    /** The order of revisions, as T16 has it. */
    static int compare(String one, String other) {
        return Revision.of(one).compareTo(Revision.of(other));
    }

    @Override
    public synchronized void revoked(Revocation revocation, String revision) {
        revocations.add(revocation);
        revisions.add(revision);
        notifyAll();
    }

    @Override
    public synchronized void lost(String revision) {
        lost.add(revision);
        notifyAll();
    }

    /** What was revoked. */
    public synchronized List<Revocation> revocations() {
        return List.copyOf(revocations);
    }

    synchronized List<String> revisions() {
        return List.copyOf(revisions);
    }

    /** With which revision this was told first. */
    synchronized Revision revisionOf(Revocation revocation) {
        return Revision.of(revisions.get(revocations.indexOf(revocation)));
    }

    /** The revisions behind which something may have been lost. */
    public synchronized List<String> lost() {
        return List.copyOf(lost);
    }

    /** Returns when all of these have been told. */
    synchronized void eventuallyHears(Collection<Revocation> expected) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Set<Revocation> missing = new HashSet<>(expected);
        for (missing.removeAll(revocations); !missing.isEmpty(); missing.removeAll(new HashSet<>(revocations))) {
            long left = (end - System.nanoTime()) / 1_000_000;
            assertThat(left)
                    .as(
                            "%s of %s revocations are not told, such as %s",
                            missing.size(), expected.size(), missing.iterator().next())
                    .isPositive();
            wait(left);
        }
    }
}
