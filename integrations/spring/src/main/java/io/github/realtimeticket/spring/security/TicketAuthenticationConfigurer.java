// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.web.BlockingGate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Authenticates requests on chosen paths by ticket: {@code http.with(ticketAuthentication(), tickets ->
 * tickets.requestMatchers("/realtime/**"))}.
 *
 * <p>WebSocket handshakes, event streams and plain requests on those paths see the holder as their principal, in a
 * {@link TicketAuthentication}. Without a good ticket they are refused (T11), whoever the session's user may be. The session is
 * neither read for it, nor written, nor begun, and CSRF protection is off there, because no cookie opens these paths.
 * A CORS preflight uses up no ticket: it goes on without a user, to the application's CORS handling and rules.
 */
public final class TicketAuthenticationConfigurer
        extends AbstractHttpConfigurer<TicketAuthenticationConfigurer, HttpSecurity> {

    private final List<String> patterns = new ArrayList<>();
    private final List<RequestMatcher> matchers = new ArrayList<>();
    private @Nullable Gate gate;
    private @Nullable TicketAuthorities authorities;

    private TicketAuthenticationConfigurer() {}

    /** For {@code http.with(…)}. */
    public static TicketAuthenticationConfigurer ticketAuthentication() {
        return new TicketAuthenticationConfigurer();
    }

    /** Paths that a ticket opens, and nothing else; patterns as in {@code authorizeHttpRequests}. */
    @CanIgnoreReturnValue
    public TicketAuthenticationConfigurer requestMatchers(String... patterns) {
        this.patterns.addAll(List.of(patterns));
        return this;
    }

    /** Requests that a ticket opens, and nothing else. */
    @CanIgnoreReturnValue
    public TicketAuthenticationConfigurer requestMatchers(RequestMatcher... matchers) {
        this.matchers.addAll(Arrays.asList(matchers));
        return this;
    }

    /** The gate of these paths; the application's {@link Gate} bean unless told otherwise. */
    @CanIgnoreReturnValue
    public TicketAuthenticationConfigurer gate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
        return this;
    }

    /** What holders are granted; the {@link TicketAuthorities} bean if there is one, else nothing, unless told otherwise. */
    @CanIgnoreReturnValue
    public TicketAuthenticationConfigurer authorities(TicketAuthorities authorities) {
        this.authorities = Objects.requireNonNull(authorities, "authorities");
        return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void init(HttpSecurity http) {
        CsrfConfigurer<HttpSecurity> csrf = http.getConfigurer(CsrfConfigurer.class);
        if (csrf != null) {
            csrf.ignoringRequestMatchers(paths(http));
        }
    }

    @Override
    public void configure(HttpSecurity http) {
        ApplicationContext beans = http.getSharedObject(ApplicationContext.class);
        Gate chosen = gate != null ? gate : beans.getBean(Gate.class);
        TicketAuthorities granted = authorities != null
                ? authorities
                : beans.getBeanProvider(TicketAuthorities.class).getIfAvailable(TicketAuthorities::none);
        var filter = new TicketAuthenticationFilter(new BlockingGate(chosen), paths(http), granted);
        http.addFilterBefore(filter, CsrfFilter.class);
        http.addFilterBefore(filter, AnonymousAuthenticationFilter.class);
    }

    private RequestMatcher paths(HttpSecurity http) {
        ApplicationContext beans = http.getSharedObject(ApplicationContext.class);
        PathPatternRequestMatcher.Builder builder = beans.getBeanProvider(PathPatternRequestMatcher.Builder.class)
                .getIfUnique(PathPatternRequestMatcher::withDefaults);
        List<RequestMatcher> all = new ArrayList<>(matchers);
        patterns.forEach(pattern -> all.add(builder.matcher(pattern)));
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "ticketAuthentication() needs the paths that a ticket opens: requestMatchers(\"/realtime/**\")");
        }
        return new OrRequestMatcher(all);
    }
}
