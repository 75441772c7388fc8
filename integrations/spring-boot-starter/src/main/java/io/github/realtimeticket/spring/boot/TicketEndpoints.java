// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.websocket.WebSocketHandlers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.context.support.WebApplicationContextUtils;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * The requests that WebSocket endpoints of this kind answer, where a ticket is asked for in a first message.
 *
 * @param beans of the application
 * @param handlers those that Spring WebSocket has among the beans
 * @param kind whether a handler asks for that ticket
 */
record TicketEndpoints(ApplicationContext beans, WebSocketHandlers handlers, Predicate<Object> kind)
        implements RequestMatcher {

    TicketEndpoints(ApplicationContext beans, Predicate<Object> kind) {
        this(beans, new WebSocketHandlers(beans), kind);
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        try {
            // Actuator on a port of its own has other mappings, and the same chains.
            return beans == WebApplicationContextUtils.getWebApplicationContext(request.getServletContext())
                    && handlers.of(request).filter(kind).isPresent()
                    && isDispatched(request);
        } catch (RuntimeException e) {
            // Spring Security also asks with a request that knows its path alone.
            return false;
        }
    }

    // What another servlet serves, at a prefix or by a mapping of its own, has nothing to do with these mappings.
    private boolean isDispatched(HttpServletRequest request) {
        String servlet = request.getHttpServletMapping().getServletName();
        return beans.getBeanProvider(ServletRegistrationBean.class).stream()
                .anyMatch(registration -> registration.getServlet() instanceof DispatcherServlet dispatcher
                        && dispatcher.getWebApplicationContext() == beans
                        && registration.getServletName().equals(servlet));
    }

    /** Lets everybody make them, to show a ticket; whose session a cookie names is not looked at. */
    HttpSecurity open(HttpSecurity http) throws Exception {
        return http.securityMatcher(this)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }
}
