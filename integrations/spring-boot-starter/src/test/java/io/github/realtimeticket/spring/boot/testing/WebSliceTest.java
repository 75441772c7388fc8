// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.TicketStore;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

/** The part of an application that answers requests, as Boot cuts it out for a test. */
@WebMvcTest(
        properties = {
            "realtime-ticket.gate.paths=/realtime/**",
            "realtime-ticket.store=redis",
            "spring.data.redis.sentinel.master=main",
            "spring.data.redis.sentinel.nodes=localhost:1"
        })
class WebSliceTest extends MockMvcScenarios {

    @Test
    void itsTicketsAreInMemoryWhereverThoseOfTheApplicationAre(@Autowired TicketStore store) {
        assertThat(store).isInstanceOf(InMemoryTicketStore.class);
    }
}
