// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import io.github.realtimeticket.TicketStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** An {@link SseEmitter} of Spring MVC, behind the chain that the starter makes. */
final class SpringEventStream extends EventStream {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class Feed {

        private final EventStream stream;

        Feed(EventStream stream) {
            this.stream = stream;
        }

        @GetMapping("/feed")
        SseEmitter feed(Principal user, HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("Access-Control-Allow-Origin", stream.origin());
            Admitted admitted = stream.admit(request.getQueryString(), user.getName());
            var events = new SseEmitter(admitted.end() == End.TIMED_OUT ? SOON : 30_000L);
            events.send(SseEmitter.event()
                    .id(String.valueOf(admitted.number()))
                    .name("price")
                    .data(admitted.data()));
            if (admitted.end() == End.COMPLETED) {
                events.complete();
            } else if (admitted.end() == End.FAILED) {
                soon(() -> events.completeWithError(new IllegalStateException("as the test wants it")));
            }
            return events;
        }
    }

    private final ConfigurableApplicationContext application;

    SpringEventStream(TicketStore store, String origin) {
        super(store, origin);
        application = new SpringApplicationBuilder(Feed.class)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("stream", this);
                    context.getBeanFactory().registerSingleton("tickets", tickets());
                })
                .registerShutdownHook(false)
                .run("--server.port=0", "--server.shutdown=immediate", "--realtime-ticket.gate.paths=/feed");
    }

    @Override
    int port() {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Override
    public void close() {
        application.close();
    }
}
