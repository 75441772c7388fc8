// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import static io.github.realtimeticket.spring.test.TicketRequestPostProcessors.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;

/** What a test of the small application does with {@code MockMvc}, in this generation. */
public abstract class MockMvcScenarios {

    @Autowired
    private MockMvc mvc;

    @Test
    void anAnnotatedPageCarriesATicket() throws Exception {
        String page = mvc.perform(get("/").with(user("alice")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();

        assertThat(Ticket.parse(page)).isPresent();
    }

    @Test
    void aLoggedInUserGetsATicketAndNobodyElseDoes() throws Exception {
        mvc.perform(post("/ticket/").with(user("alice")).with(csrf()))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.status").value("ok"));
        mvc.perform(post("/ticket/").with(user("alice"))).andExpect(status().isForbidden());
        mvc.perform(post("/ticket/").with(user("alice")).with(csrf().useInvalidToken()))
                .andExpect(status().isForbidden());
        mvc.perform(post("/ticket/").with(csrf())).andExpect(status().isUnauthorized());
    }

    @Test
    void aTicketOpensItsPathOnce() throws Exception {
        String first = issued();

        mvc.perform(get("/realtime/name?ticket=" + first))
                .andExpect(status().isOk())
                .andExpect(content().string("alice"));
        mvc.perform(get("/realtime/name?ticket=" + first)).andExpect(status().isUnauthorized());
        mvc.perform(get("/realtime/name").queryParam("ticket", issued())).andExpect(status().isOk());
    }

    @Test
    void aTicketInAParamOpensItsPathOnce() throws Exception {
        String first = issued();
        String second = issued();

        mvc.perform(get("/realtime/name").param("room", "a&b=%").param("ticket", first))
                .andExpect(status().isOk())
                .andExpect(content().string("alice"));
        mvc.perform(get("/realtime/name").param("ticket", first)).andExpect(status().isUnauthorized());
        mvc.perform(get("/realtime/name").param("ticket", second, second)).andExpect(status().isUnauthorized());
    }

    @Test
    void nothingButATicketOpensItsPath() throws Exception {
        mvc.perform(get("/realtime/name")).andExpect(status().isUnauthorized());
        mvc.perform(get("/realtime/name").with(user("alice"))).andExpect(status().isUnauthorized());
    }

    @Test
    void aRequestIsAdmittedForAHolder() throws Exception {
        mvc.perform(get("/realtime/name").with(ticket(TicketHolder.of(1, "bob"))))
                .andExpect(status().isOk())
                .andExpect(content().string("bob"));
        mvc.perform(get("/realtime/name").with(user("alice")).with(ticket(TicketHolder.of(1, "bob"))))
                .andExpect(content().string("bob"));
    }

    private String issued() throws Exception {
        String answer = mvc.perform(post("/ticket/").with(user("alice")).with(csrf()))
                .andReturn()
                .getResponse()
                .getContentAsString();
        return JsonPath.read(answer, "$.message");
    }
}
