// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** An application with form logins and bearer tokens, a page with a ticket and a WebSocket; bob may be logged in once. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@Controller
class LoginSite implements WebSocketConfigurer {

    static final String ISSUER = "https://idp.example";

    private static final SecretKey KEY =
            new SecretKeySpec("a key of thirty-two bytes, no less".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");

    private final ApplicationEventPublisher events;

    LoginSite(ApplicationEventPublisher events) {
        this.events = events;
    }

    /** A token of this user's that ends then, in this session of the identity provider. */
    static String token(String username, String session, Instant expiresAt) {
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(username)
                .issuer(ISSUER)
                .claim("sid", session)
                .expiresAt(expiresAt)
                .build();
        var encoder = new NimbusJwtEncoder(new ImmutableSecret<>(KEY));
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
        return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }

    @Bean
    @Order(1)
    SecurityFilterChain operators(HttpSecurity http) throws Exception {
        return http.securityMatcher("/actuator/realtimeconnections/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("OPERATOR"))
                .httpBasic(Customizer.withDefaults())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.disable())
                .build();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .oauth2ResourceServer(server -> server.jwt(
                        jwt -> jwt.decoder(NimbusJwtDecoder.withSecretKey(KEY).build())))
                .sessionManagement(sessions -> sessions.sessionConcurrency(concurrency ->
                        concurrency.maximumSessions(user -> user.getName().equals("bob") ? 1 : -1)))
                .build();
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "session-registry", matchIfMissing = true)
    SessionRegistryImpl sessionsOfUsers() {
        return new SessionRegistryImpl();
    }

    @Bean
    UserDetailsService users() {
        return username -> User.withUsername(username)
                .password("{noop}ticket")
                .roles(roles(username))
                .build();
    }

    private static String[] roles(String username) {
        return switch (username) {
            case "operator" -> new String[] {"OPERATOR"};
            case "chief" -> new String[] {"OPERATOR", "CHIEF"};
            default -> new String[] {"USER"};
        };
    }

    @GetMapping("/page")
    @RealtimeTicket
    String page() {
        return "with-mustache";
    }

    @GetMapping("/invalidate")
    @ResponseBody
    String invalidate(HttpSession session) {
        session.invalidate();
        return "gone";
    }

    @GetMapping("/soon-idle")
    @ResponseBody
    String soonIdle(HttpSession session) {
        session.setMaxInactiveInterval(1);
        return "soon";
    }

    void lock(String username) {
        events.publishEvent(Revocation.holder(username).forbidden());
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new Echo(), "/realtime/socket").setAllowedOriginPatterns("*");
    }

    private static final class Echo extends TextWebSocketHandler {

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
            session.sendMessage(message);
        }
    }
}
