// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot.testing;

import static io.github.realtimeticket.spring.test.TicketRequestPostProcessors.ticket;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.model;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.web.servlet.MockMvc;

/** What docs/testing.md shows. */
@WebMvcTest(properties = "realtime-ticket.gate.paths=/realtime/**")
class ChatPagesExampleTest {

    @Autowired
    MockMvc mvc;

    @Test
    void thePageCarriesATicket() throws Exception {
        mvc.perform(get("/").with(user("alice")))
                .andExpect(status().isOk())
                .andExpect(model().attributeExists("realtime_ticket"));
    }

    @Test
    void aTicketOpensItsPathOnce() throws Exception {
        String answer = mvc.perform(post("/ticket/").with(user("alice")).with(csrf()))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.status").value("ok"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        String ticket = JsonPath.read(answer, "$.message");

        mvc.perform(get("/realtime/name").queryParam("ticket", ticket))
                .andExpect(content().string("alice"));
        mvc.perform(get("/realtime/name").queryParam("ticket", ticket)).andExpect(status().isUnauthorized());
    }

    @Test
    void bobIsAdmitted() throws Exception {
        mvc.perform(get("/realtime/name").with(ticket(TicketHolder.of(7, "bob"))))
                .andExpect(content().string("bob"));
    }

    @Test
    void aModeratorIsAdmitted() throws Exception {
        mvc.perform(get("/realtime/name")
                        .with(ticket(TicketGrant.to(TicketHolder.of(7, "bob")).withAuthorities(List.of("MODERATOR")))))
                .andExpect(status().isOk());
    }
}
