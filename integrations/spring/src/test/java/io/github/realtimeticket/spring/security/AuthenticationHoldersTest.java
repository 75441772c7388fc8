// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.web.TicketHolderMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.userdetails.User;

class AuthenticationHoldersTest {

    private static final List<GrantedAuthority> USER = AuthorityUtils.createAuthorityList("ROLE_USER", "chat:write");

    /** An application's own user, with a number of its own. */
    private static final class Member extends User implements TicketHolderSource {

        private static final long serialVersionUID = 1L;

        Member(String username) {
            super(username, "", USER);
        }

        @Override
        public TicketHolder ticketHolder() {
            return TicketHolder.of(42, getUsername());
        }
    }

    @Test
    void theNameIsBothIdAndUsernameUnlessThePrincipalSaysBetter() {
        TicketHolderMapper holders = AuthenticationHolders.standard();

        assertThat(holders.holder(loggedIn("alice"))).contains(TicketHolder.of("alice", "alice"));
        assertThat(holders.holder(loggedIn(new User("bob", "", USER)))).contains(TicketHolder.of("bob", "bob"));
        assertThat(holders.holder(loggedIn(new Member("carol")))).contains(TicketHolder.of(42, "carol"));
        assertThat(holders.holder(loggedIn(TicketHolder.of(7, "dave")))).contains(TicketHolder.of(7, "dave"));
    }

    @Test
    void anonymousAndUnauthenticatedUsersHaveNoHolderAndRememberedUsersDo() {
        TicketHolderMapper holders = AuthenticationHolders.standard();

        assertThat(holders.holder(new AnonymousAuthenticationToken("key", "anonymousUser", USER)))
                .isEmpty();
        assertThat(holders.holder(UsernamePasswordAuthenticationToken.unauthenticated("alice", "?")))
                .isEmpty();
        assertThat(holders.holder(new RememberMeAuthenticationToken("key", "alice", USER)))
                .contains(TicketHolder.of("alice", "alice"));
    }

    @Test
    void anApplicationSaysItInItsOwnWay() {
        TicketHolderMapper holders = AuthenticationHolders.of(user -> TicketHolder.of(1, "user " + user.getName()));

        assertThat(holders.holder(loggedIn("alice"))).contains(TicketHolder.of(1, "user alice"));
        assertThat(holders.holder(new AnonymousAuthenticationToken("key", "anonymousUser", USER)))
                .isEmpty();
    }

    @Test
    void authoritiesTravelOnlyWhenTheyAreAddedAndNoFactorOfALoginDoes() {
        List<GrantedAuthority> granted = new java.util.ArrayList<>(USER);
        granted.add(FactorGrantedAuthority.withAuthority("FACTOR_PASSWORD").build());
        var alice = UsernamePasswordAuthenticationToken.authenticated("alice", null, granted);

        TicketHolder bare = AuthenticationHolders.standard().holder(alice).orElseThrow();
        TicketHolder full = AuthenticationHolders.withAuthorities(AuthenticationHolders.standard())
                .holder(alice)
                .orElseThrow();

        assertThat(bare.attributes()).isEmpty();
        assertThat(full.attributes()).isEqualTo(Map.of("authorities", List.of("ROLE_USER", "chat:write")));
        assertThat(TicketAuthorities.none().of(full)).isEmpty();
        assertThat(AuthorityUtils.authorityListToSet(
                        TicketAuthorities.fromIssuer().of(full)))
                .containsExactlyInAnyOrder("ROLE_USER", "chat:write");
    }

    @Test
    void whatAnIssuerSendsThatIsNoListOfNamesGrantsNothing() {
        TicketHolder text = TicketHolder.of(1, "alice").withAttributes(Map.of("authorities", "ROLE_ADMIN"));
        TicketHolder numbers = TicketHolder.of(1, "alice").withAttributes(Map.of("authorities", List.of(1, "")));

        assertThat(TicketAuthorities.fromIssuer().of(text)).isEmpty();
        assertThat(TicketAuthorities.fromIssuer().of(numbers)).isEmpty();
        assertThat(TicketAuthorities.fromIssuer().of(TicketHolder.of(1, "alice")))
                .isEmpty();
    }

    private static UsernamePasswordAuthenticationToken loggedIn(Object principal) {
        return UsernamePasswordAuthenticationToken.authenticated(principal, null, USER);
    }
}
