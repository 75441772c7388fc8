// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a feed has told. */
final class Heard implements RevocationListener {

    final List<Revocation> revoked = new CopyOnWriteArrayList<>();
    final List<String> lost = new CopyOnWriteArrayList<>();

    Heard(Revocations feed) {
        Revocations.Listening unused = feed.listen(this);
    }

    @Override
    public void revoked(Revocation revocation, String revision) {
        revoked.add(revocation);
    }

    @Override
    public void lost(String revision) {
        lost.add(revision);
    }
}
