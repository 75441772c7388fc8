// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.login.SessionEnds;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.LogoutConfigurer;

/**
 * Has the logout of every chain tell {@link SessionEnds} before the session is invalidated. Spring Security finds it in {@code
 * META-INF/spring.factories}, 6 as well as 7.
 */
final class LogoutSecurity extends AbstractHttpConfigurer<LogoutSecurity, HttpSecurity> {

    LogoutSecurity() {}

    @Override
    @SuppressWarnings("unchecked")
    public void init(HttpSecurity http) {
        LogoutConfigurer<HttpSecurity> logout = http.getConfigurer(LogoutConfigurer.class);
        if (logout != null) {
            http.getSharedObject(ApplicationContext.class)
                    .getBeanProvider(SessionEnds.class)
                    .ifAvailable(sessions -> logout.getLogoutHandlers()
                            .add(0, (request, response, user) -> sessions.loggedOut(request)));
        }
    }
}
