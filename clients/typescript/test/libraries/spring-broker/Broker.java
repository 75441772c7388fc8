// SPDX-License-Identifier: Apache-2.0
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** Spring's own STOMP broker. Whether a ticket is admitted, the test says at the address that is the first argument. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
public class Broker implements WebSocketMessageBrokerConfigurer, HandshakeInterceptor {

    private static String gate;

    public static void main(String[] arguments) {
        gate = arguments[0];
        var context = SpringApplication.run(
                Broker.class, "--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=off");
        System.out.println("PORT " + context.getEnvironment().getProperty("local.server.port"));
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/topic");
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/chat").setAllowedOriginPatterns("*").addInterceptors(this);
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler, Map<String, Object> attributes)
            throws Exception {
        var question = HttpRequest.newBuilder(URI.create(gate + "?" + request.getURI().getRawQuery())).build();
        var answer = HttpClient.newHttpClient().send(question, HttpResponse.BodyHandlers.discarding());
        response.setStatusCode(HttpStatus.UNAUTHORIZED); // heeded only if this returns false
        return answer.statusCode() == 200;
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler, Exception exception) {}
}
