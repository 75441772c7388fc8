// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

class LiveWebSocketsTest {

    @Test
    void sockJsIsServedWithoutJackson() {
        var service = new TransportHandlingSockJsService(new ThreadPoolTaskScheduler());
        // As its constructor leaves it where Jackson is not on the class path.
        service.setMessageCodec(null);
        var mapping = new WebSocketHandlerMapping();
        mapping.setUrlMap(Map.of("/talk/**", new SockJsHttpRequestHandler(service, new TextWebSocketHandler())));

        assertThat(new LiveWebSockets().postProcessAfterInstantiation(mapping, "mapping"))
                .isTrue();

        assertThat(mapping.getUrlMap().get("/talk/**")).isInstanceOf(SockJsHandler.class);
    }
}
