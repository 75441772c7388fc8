// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RevocationListenersTest {

    private final AtomicLong nanos = new AtomicLong();
    private final RevocationListeners listeners = new RevocationListeners(nanos::get);

    @Test
    void t16_whoeverListensLaterIsToldWhatIsNoOlderThanATicketCanBe() {
        listeners.revoked(Revocation.holder(1), "1-1");
        pass(RevocationListeners.REMEMBERED.minusSeconds(1));
        listeners.revoked(Revocation.holder(2), "1-2");

        assertThat(heard()).containsExactly("1-1", "1-2");
        pass(Duration.ofSeconds(2));
        assertThat(heard()).containsExactly("1-2");
    }

    @Test
    void t16_ofTooManyTheOldestAreLostForWhoeverListensLater() {
        for (int i = 1; i <= Revoked.MAXIMUM + 2; i++) {
            listeners.revoked(Revocation.holder(1), "1-" + i);
        }

        assertThat(heard()).hasSize(Revoked.MAXIMUM + 1).startsWith("lost 1-2", "1-3");
    }

    @Test
    void t16_ofWhatIsLostTheHighestIsToldToWhoeverListensLater() {
        listeners.lost("2-10");
        listeners.lost("2-9");

        assertThat(heard()).containsExactly("lost 2-10");
        pass(RevocationListeners.REMEMBERED.plusSeconds(1));
        assertThat(heard()).isEmpty();
    }

    @Test
    void t16_whatCannotBeReadIsSaidWithThePlaceWhereItIs() {
        List<String> said = new ArrayList<>();
        Logger log = Logger.getLogger(Revocations.class.getName());
        log.setFilter(line -> {
            said.add(line.getMessage());
            return false;
        });
        try {
            listeners.read("{}", "2-1", "1-7");
        } finally {
            log.setFilter(null);
        }

        assertThat(said).singleElement().asString().contains("such as that at 1-7:");
        assertThat(heard()).isEmpty();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> heard() {
        List<String> heard = new ArrayList<>();
        listeners
                .listen(new RevocationListener() {
                    @Override
                    public void revoked(Revocation revocation, String revision) {
                        heard.add(revision);
                    }

                    @Override
                    public void lost(String revision) {
                        heard.add("lost " + revision);
                    }
                })
                .close();
        return heard;
    }
}
