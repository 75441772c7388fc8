// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import static io.github.realtimeticket.spring.test.TicketRequestPostProcessors.ticket;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.realtimeticket.TicketHolder;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;

/** What Boot's {@code @WebMvcTest} of the small application does with this generation. */
public abstract class SliceScenarios {

    @Autowired
    private MockMvc mvc;

    @Test
    void theSliceIssuesAndRedeems() throws Exception {
        mvc.perform(post("/ticket/").with(user("alice")).with(csrf())).andExpect(status().isOk());
        mvc.perform(get("/realtime/name").with(user("alice"))).andExpect(status().isUnauthorized());
        mvc.perform(get("/realtime/name").with(ticket(TicketHolder.of(1, "alice"))))
                .andExpect(status().isOk())
                .andExpect(content().string("alice"));
    }
}
