// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.web.ServletGate;
import io.github.realtimeticket.spring.websocket.HandshakeChecks;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.FormLoginConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.session.NullAuthenticatedSessionStrategy;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.session.SessionManagementFilter;
import org.springframework.util.ClassUtils;

/**
 * Makes a security filter chain one that a ticket opens, and nothing else:
 *
 * <pre>{@code
 * @Bean
 * @Order(1)
 * SecurityFilterChain realtime(HttpSecurity http) throws Exception {
 *     return http.securityMatcher("/realtime/**")
 *             .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
 *             .with(ticketAuthentication(), Customizer.withDefaults())
 *             .build();
 * }
 * }</pre>
 *
 * <p>WebSocket handshakes, event streams and plain requests of the chain see the holder as their principal, in a
 * {@link TicketAuthentication}. Without a good ticket they are refused (T11), whoever the session's user may be. The session is
 * neither read, nor written, nor begun, and CSRF protection is off, because no cookie opens these paths. A CORS preflight uses up no
 * ticket; {@code http.cors(…)} answers it, and is to be there where pages of other origins send more than handshakes. Two gates are two chains.
 */
public final class TicketAuthenticationConfigurer
        extends AbstractHttpConfigurer<TicketAuthenticationConfigurer, HttpSecurity> {

    private @Nullable Gate gate;
    private @Nullable TicketAuthenticationConverter converter;

    private TicketAuthenticationConfigurer() {}

    /** For {@code http.with(…)}. */
    public static TicketAuthenticationConfigurer ticketAuthentication() {
        return new TicketAuthenticationConfigurer();
    }

    /** Whether these filters of a chain let a request through by ticket only. */
    public static boolean isOpenedByTicketOnly(@Nullable List<? extends Filter> filters) {
        return filters != null && filters.stream().anyMatch(TicketAuthenticationFilter.class::isInstance);
    }

    /** The gate of this chain; the application's {@link Gate} bean unless told otherwise. */
    @CanIgnoreReturnValue
    public TicketAuthenticationConfigurer gate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
        return this;
    }

    /**
     * What makes a user of a ticket's holder; the {@link TicketAuthenticationConverter} bean if there is one, else
     * {@link TicketAuthenticationConverter#toHolder()}, unless told otherwise.
     */
    @CanIgnoreReturnValue
    public TicketAuthenticationConfigurer converter(TicketAuthenticationConverter converter) {
        this.converter = Objects.requireNonNull(converter, "converter");
        return this;
    }

    /**
     * Called by {@code http.with(…)}.
     *
     * @throws IllegalStateException if the chain has been made one already: the first gate would be forgotten
     */
    @Override
    @SuppressWarnings("unchecked")
    public void setBuilder(HttpSecurity http) {
        super.setBuilder(http);
        if (http.getConfigurer(TicketAuthenticationConfigurer.class) != null) {
            throw new IllegalStateException(
                    "ticketAuthentication() is there twice in one security filter chain: two gates are"
                            + " two chains, each with a securityMatcher of its own");
        }
        try {
            http.csrf(AbstractHttpConfigurer::disable)
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS)
                            .withObjectPostProcessor(new NoLogin()));
        } catch (Exception e) {
            // Until Spring Security 7 they declare it.
            throw new IllegalStateException(e);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void configure(HttpSecurity http) {
        if (http.getConfigurer(FormLoginConfigurer.class) != null) {
            throw new IllegalStateException(
                    "ticketAuthentication() and formLogin() are in one security filter chain, of which a"
                            + " ticket opens every path: give the paths of tickets a chain of their own, with a securityMatcher");
        }
        ApplicationContext beans = http.getSharedObject(ApplicationContext.class);
        Gate chosen = gate != null ? gate : beans.getBean(Gate.class);
        TicketAuthenticationConverter users = converter != null
                ? converter
                : beans.getBeanProvider(TicketAuthenticationConverter.class)
                        .getIfAvailable(TicketAuthenticationConverter::toHolder);
        http.addFilterBefore(
                new TicketAuthenticationFilter(
                        new ServletGate(chosen), users, behind(beans), getSecurityContextHolderStrategy()),
                AnonymousAuthenticationFilter.class);
    }

    private static BiFunction<HttpServletRequest, HttpServletResponse, Optional<Refusal>> behind(
            ApplicationContext beans) {
        boolean webSocket = ClassUtils.isPresent(
                "org.springframework.web.socket.server.support.WebSocketHandlerMapping", beans.getClassLoader());
        return webSocket ? new HandshakeChecks(beans) : (request, response) -> Optional.empty();
    }

    /**
     * What a ticket opens is no login: the session that may be there does not get a new id for it, none begins, and none is one too many,
     * whatever the application has for all of its chains.
     */
    private static final class NoLogin implements ObjectPostProcessor<SessionManagementFilter> {

        @Override
        @SuppressWarnings("unchecked")
        public <O extends SessionManagementFilter> O postProcess(O filter) {
            return (O) new SessionManagementFilter(
                    new NullSecurityContextRepository(), new NullAuthenticatedSessionStrategy());
        }
    }
}
