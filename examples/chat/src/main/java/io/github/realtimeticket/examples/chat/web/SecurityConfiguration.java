// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.web;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.web.TicketGrants;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.session.HttpSessionEventPublisher;

/** A form login as in any Spring application, and who gets a ticket. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain chain(HttpSecurity http, ChatProperties chat) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/css/**", "/js/**", "/icon.svg")
                        .permitAll()
                        .requestMatchers("/locks/**")
                        .hasRole("ADMIN")
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/login").permitAll().defaultSuccessUrl("/", true))
                .logout(logout -> logout.permitAll())
                .sessionManagement(logins -> logins.maximumSessions(-1).expiredUrl("/login"))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(policy(chat))))
                .build();
    }

    /** For a demonstration only: the password is known to everybody, and is kept as it is. */
    @Bean
    InMemoryUserDetailsManager users() {
        return new InMemoryUserDetailsManager(
                user("alice", "USER"), user("bob", "USER"), user("carol", "USER"), user("admin", "ADMIN"));
    }

    /** A ticket for whoever is logged in and not locked: a lock does not find a login that is under way. */
    @Bean
    TicketGrants grants(UserDetailsService users) {
        return (user, request) -> Optional.of(
                users.loadUserByUsername(user.getName()).isAccountNonLocked()
                        ? TicketGrant.to(TicketHolder.of(user))
                        : TicketGrant.denied("locked"));
    }

    /** Every login that there is, so that a locked user's can be ended. */
    @Bean
    SessionRegistryImpl logins() {
        return new SessionRegistryImpl();
    }

    /** Tells the registry which have ended. */
    @Bean
    HttpSessionEventPublisher loginEnds() {
        return new HttpSessionEventPublisher();
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name).password("{noop}ticket").roles(role).build();
    }

    private static String policy(ChatProperties chat) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' "
                + chat.realtimeOrigin() + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
}
