// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.TicketStore;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

@WebMvcTest(properties = {"realtime-ticket.gate.paths=/realtime/**", "realtime-ticket.store=redis"})
class WebSliceTest extends MockMvcScenarios {

    @Test
    void itsTicketsAreInMemoryWhereverThoseOfTheApplicationAre(@Autowired TicketStore store) {
        assertThat(store).isInstanceOf(InMemoryTicketStore.class);
    }
}
