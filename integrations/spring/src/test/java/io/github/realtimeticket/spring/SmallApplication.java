// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.spring.security.AuthenticationGrants;
import io.github.realtimeticket.spring.security.TicketEndpointSecurity;
import io.github.realtimeticket.spring.web.RealtimeTicketInterceptor;
import io.github.realtimeticket.spring.web.TicketEndpoint;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.web.TicketGrants;
import io.github.realtimeticket.spring.web.UnreadableRequests;
import java.security.Principal;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A small application without our starter: anybody logs in, gets tickets at {@code /ticket/} and in pages, and is told who it is. Beans of
 * another application that imports this one take the place of those here.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@RestController
public class SmallApplication {

    private static final TicketEndpointPath PATH = new TicketEndpointPath("/ticket/");

    @Bean
    @Fallback
    RemoteStore store() {
        return new RemoteStore();
    }

    @Bean
    Issued issued() {
        return new Issued();
    }

    @Bean
    Tickets tickets(TicketStore store, Issued issued) {
        return Tickets.builder(new BoundedTicketStore(store)).listener(issued).build();
    }

    @Bean
    Gate gate(Tickets tickets) {
        return Gate.of(tickets);
    }

    @Bean
    @Fallback
    Issuer issuer(Tickets tickets) {
        return Issuer.of(tickets);
    }

    @Bean
    @Fallback
    TicketGrants grants() {
        return AuthenticationGrants.standard();
    }

    @Bean
    RouterFunction<ServerResponse> endpoint(Issuer issuer, TicketGrants grants) {
        return TicketEndpoint.at(PATH, issuer, secured(grants));
    }

    @Bean
    UnreadableRequests unreadable(Issuer issuer) {
        return new UnreadableRequests(PATH, issuer);
    }

    @Bean
    Customizer<HttpSecurity> endpointSecurity(Issuer issuer) {
        return TicketEndpointSecurity.customizer(issuer, PATH);
    }

    @Bean
    WebMvcConfigurer pages(Issuer issuer, TicketGrants grants) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new RealtimeTicketInterceptor(issuer, secured(grants)));
            }
        };
    }

    @Bean
    UserDetailsService users() {
        return username -> User.withUsername(username)
                .password("{noop}ticket")
                .roles(username)
                .build();
    }

    @GetMapping({"/me", "/realtime/who"})
    String who(Principal user) {
        return user.getName();
    }

    /** The tickets that were issued and redeemed, and the requests that were refused. */
    public static final class Issued implements TicketListener {

        private final Deque<TicketValue> values = new ConcurrentLinkedDeque<>();
        private final Deque<Refusal> refusals = new ConcurrentLinkedDeque<>();
        private final AtomicInteger redemptions = new AtomicInteger();

        public Deque<TicketValue> values() {
            return values;
        }

        /** How many tickets were redeemed. */
        public int redemptions() {
            return redemptions.get();
        }

        /** Why connection requests were refused. */
        public Deque<Refusal> refusals() {
            return refusals;
        }

        @Override
        public void on(TicketEvent event) {
            if (event instanceof TicketEvent.Issued issued) {
                values.add(issued.value());
            } else if (event instanceof TicketEvent.Refused refused) {
                refusals.add(refused.reason());
            } else if (event instanceof TicketEvent.Redeemed) {
                redemptions.incrementAndGet();
            }
        }
    }

    private static TicketGrants secured(TicketGrants grants) {
        return AuthenticationGrants.secured(
                grants, (user, request) -> !(user instanceof AnonymousAuthenticationToken), false);
    }
}
