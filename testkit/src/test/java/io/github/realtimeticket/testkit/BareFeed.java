// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The smallest process with a feed that keeps the contract, on a server that the test has in memory; with a seam for each mistake. */
class BareFeed implements RevocationsContract.Side, Revocations {

    /** What all processes share. It has one lock, and tells while it holds it. */
    static final class Server {
        final TicketStore store = TicketStore.inMemory();
        final List<Entry> entries = new ArrayList<>();
        final List<BareFeed> feeds = new CopyOnWriteArrayList<>();
        final long began = System.currentTimeMillis();

        /** The revision of the entry with this number, or of none before the first. */
        String revision(int number) {
            return number == 0 ? began + "-0" : entries.get(number - 1).revision();
        }
    }

    record Entry(Revocation revocation, String revision) {}

    final Server server;
    private final List<RevocationListener> listeners = new CopyOnWriteArrayList<>();
    private int read;
    private boolean reading;
    private boolean cut;

    BareFeed(Server server) {
        this.server = server;
        synchronized (server) {
            read = server.entries.size();
            server.feeds.add(this);
        }
    }

    @Override
    public TicketStore store() {
        return server.store;
    }

    @Override
    public Revocations revocations() {
        return this;
    }

    @Override
    public void close() {
        server.feeds.remove(this);
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        synchronized (server) {
            if (cut) {
                return CompletableFuture.failedFuture(new TicketStoreException("Cut off"));
            }
            int number = server.entries.size() + 1;
            server.entries.add(written(new Entry(revocation, System.currentTimeMillis() + "-" + number)));
            server.feeds.forEach(BareFeed::readOn);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public Listening listen(RevocationListener listener) {
        synchronized (server) {
            before(read).forEach(entry -> quietly(listener, entry));
            listeners.add(listener);
        }
        return () -> left(listener);
    }

    @Override
    public @Nullable String revision() {
        synchronized (server) {
            return server.revision(read);
        }
    }

    @Override
    public boolean isCurrent() {
        synchronized (server) {
            return !cut;
        }
    }

    final void cut(boolean cut) {
        synchronized (server) {
            this.cut = cut;
            if (!cut) {
                back();
            }
        }
    }

    void back() {
        readOn();
    }

    final void skipAll() {
        read = server.entries.size();
    }

    Entry written(Entry entry) {
        return entry;
    }

    List<Entry> before(int read) {
        return List.copyOf(server.entries.subList(0, read));
    }

    void arrive(Entry entry) {
        listeners.forEach(listener -> tell(listener, entry));
    }

    void tell(RevocationListener listener, Entry entry) {
        quietly(listener, entry);
    }

    void left(RevocationListener listener) {
        listeners.remove(listener);
    }

    static void quietly(RevocationListener listener, Entry entry) {
        try {
            listener.revoked(entry.revocation(), entry.revision());
        } catch (RuntimeException e) {
            // That of one listener is not for the others.
        }
    }

    boolean isReading() {
        return reading;
    }

    private void readOn() {
        // A listener may revoke: then this goes on, when it has returned, with what that has added.
        if (isReading() || cut) {
            return;
        }
        reading = true;
        try {
            while (read < server.entries.size()) {
                Entry entry = server.entries.get(read);
                read++;
                arrive(entry);
            }
        } finally {
            reading = false;
        }
    }
}
