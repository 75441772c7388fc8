// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.security.AuthenticationGrants;
import io.github.realtimeticket.spring.web.TicketGrants;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.TestingAuthenticationToken;

class GrantsExampleTest {

    private static final Principal ALICE = new TestingAuthenticationToken("alice", "", "ROLE_USER");

    @Test
    void whoMayEnterTheRoomGetsATicketForTheChatAndNobodyElse() {
        TicketGrants grants = forRooms(new Rooms("alice", Set.of("7")));

        assertThat(grants.grant(ALICE, asking("7"))).hasValueSatisfying(grant -> {
            TicketGrant.Granted granted = (TicketGrant.Granted) grant;
            assertThat(granted.audience()).isEqualTo("chat");
            assertThat(granted.holder().attributes()).containsEntry("room", "7");
        });
        assertThat(grants.grant(ALICE, asking("8")).map(TicketGrant.class::cast))
                .contains(TicketGrant.denied("not in this room"));
    }

    private static MockHttpServletRequest asking(String room) {
        var request = new MockHttpServletRequest("POST", "/ticket/");
        request.setParameter("room", room);
        return request;
    }

    private static TicketGrants forRooms(Rooms rooms) {
        return AuthenticationGrants.of((user, request) -> rooms.mayEnter(user.getName(), request.getParameter("room"))
                ? TicketGrant.to(TicketHolder.of(user.getName(), user.getName())
                                .withAttributes(Map.of("room", request.getParameter("room"))))
                        .withAudience("chat")
                : TicketGrant.denied("not in this room"));
    }

    private record Rooms(String member, Set<String> open) {

        boolean mayEnter(String user, String room) {
            return user.equals(member) && open.contains(room);
        }
    }
}
