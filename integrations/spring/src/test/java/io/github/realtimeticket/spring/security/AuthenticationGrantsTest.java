// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.web.TicketGrants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.userdetails.User;

class AuthenticationGrantsTest {

    private static final List<GrantedAuthority> USER = AuthorityUtils.createAuthorityList("ROLE_USER", "chat:write");

    private final MockHttpServletRequest request = new MockHttpServletRequest();

    @Test
    void theNameIsBothIdAndUsernameUnlessThePrincipalSaysBetter() {
        TicketGrants grants = AuthenticationGrants.standard();

        assertThat(holder(grants, loggedIn("alice"))).contains(TicketHolder.of("alice", "alice"));
        assertThat(holder(grants, loggedIn(new User("bob", "", USER)))).contains(TicketHolder.of("bob", "bob"));
        assertThat(holder(grants, loggedIn(TicketHolder.of(7, "dave")))).contains(TicketHolder.of(7, "dave"));
    }

    @Test
    void aUserWithoutANameIsNobodysTicketAndSaysWhatToDo() {
        AuthenticatedPrincipal withoutSub = () -> null;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthenticationGrants.standard().grant(loggedIn(withoutSub), request))
                .withMessageContaining("UsernamePasswordAuthenticationToken")
                .withMessageContaining("\"sub\"")
                .withMessageContaining("TicketGrants");
    }

    @Test
    void anApplicationSeesTheRequestAndSaysWhatTheTicketIsFor() {
        request.setParameter("room", "blue");
        TicketGrants grants = AuthenticationGrants.of(
                (user, asked) -> asked.getParameter("room").equals("blue")
                        ? TicketGrant.to(TicketHolder.of(1, user.getName())).withAudience("chat")
                        : TicketGrant.denied("not in this room"));

        Optional<? extends TicketGrant> blue = grants.grant(loggedIn("alice"), request);
        request.setParameter("room", "red");
        Optional<? extends TicketGrant> red = grants.grant(loggedIn("alice"), request);

        assertThat(blue.map(Object.class::cast))
                .contains(TicketGrant.to(TicketHolder.of(1, "alice")).withAudience("chat"));
        assertThat(red.map(Object.class::cast)).contains(TicketGrant.denied("not in this room"));
    }

    @Test
    void whoDoesNotCountAsLoggedInGetsNothing() {
        TicketGrants grants = AuthenticationGrants.secured(
                AuthenticationGrants.standard(),
                (user, asked) -> !user.getName().equals("half"),
                false);

        assertThat(holder(grants, loggedIn("alice"))).isPresent();
        assertThat(holder(grants, loggedIn("half"))).isEmpty();
        assertThat(grants.grant(() -> "no authentication", request)).isEmpty();
    }

    @Test
    void authoritiesTravelOnlyWhereTheyAreToAndNoFactorOfALoginDoes() {
        List<GrantedAuthority> granted = new ArrayList<>(USER);
        granted.add(FactorGrantedAuthority.withAuthority("FACTOR_PASSWORD").build());
        var alice = UsernamePasswordAuthenticationToken.authenticated("alice", null, granted);
        TicketGrants own = TicketGrants.to(user -> TicketHolder.of(1, user.getName()));

        assertThat(authorities(AuthenticationGrants.secured(own, (user, asked) -> true, false), alice))
                .isEmpty();
        assertThat(authorities(AuthenticationGrants.secured(own, (user, asked) -> true, true), alice))
                .containsExactly("ROLE_USER", "chat:write");
    }

    @Test
    void aGrantThatSaysThatNoneTravelsKeepsItsWord() {
        TicketGrants narrowed = AuthenticationGrants.of((user, asked) ->
                TicketGrant.to(TicketHolder.of(1, user.getName())).withAuthorities(List.of()));

        assertThat(authorities(AuthenticationGrants.secured(narrowed, (user, asked) -> true, true), loggedIn("alice")))
                .isEmpty();
    }

    private List<String> authorities(TicketGrants grants, Authentication user) {
        return grants.grant(user, request)
                .map(grant -> Optional.ofNullable(((TicketGrant.Granted) grant).authorities())
                        .orElse(List.of()))
                .orElseThrow();
    }

    private Optional<TicketHolder> holder(TicketGrants grants, Authentication user) {
        return grants.grant(user, request).map(grant -> ((TicketGrant.Granted) grant).holder());
    }

    private static UsernamePasswordAuthenticationToken loggedIn(Object principal) {
        return UsernamePasswordAuthenticationToken.authenticated(principal, null, USER);
    }
}
