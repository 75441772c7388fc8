// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.core.Ordered;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.graphql.server.WebGraphQlResponse;
import reactor.core.publisher.Mono;

/** A {@link GraphQlApplication} that one property has made ask for tickets, with a store that can be out of reach. */
final class GraphQlSite implements AutoCloseable {

    static final String AUDIENCE = "chat";
    static final String ORIGIN = "https://app.example";
    static final String[] GRAPHQL = {"realtime-ticket.gate.graphql=true", "spring.graphql.websocket.path=/graphql"};

    private final RemoteStore store;
    private final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    private final Set<String> redeemed = ConcurrentHashMap.newKeySet();
    private final Eager interceptor = new Eager();
    private final Application application;

    /** An interceptor of the application's that would be before all others. */
    private static final class Eager implements WebGraphQlInterceptor, Ordered {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public Mono<WebGraphQlResponse> intercept(WebGraphQlRequest request, Chain chain) {
            seen.add(request.getDocument());
            return chain.next(request);
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }

    GraphQlSite(Stack stack, Class<?> main, String... properties) {
        this(new RemoteStore(), stack, main, properties);
    }

    GraphQlSite(RemoteStore store, Stack stack, Class<?> main, String... properties) {
        this.store = store;
        List<String> settings = new ArrayList<>(List.of(properties));
        settings.addAll(List.of(GRAPHQL));
        settings.add(stack.property());
        settings.add("realtime-ticket.audience=" + AUDIENCE);
        // A start and a loaded machine may take longer than ten seconds.
        settings.add("realtime-ticket.time-to-live=60s");
        settings.add("spring.graphql.cors.allowed-origin-patterns=*");
        TicketListener listener = event -> {
            if (event instanceof TicketEvent.Refused refused) {
                refusals.add(refused.reason());
            } else if (event instanceof TicketEvent.Redeemed redeemed) {
                this.redeemed.add(redeemed.ticket().reveal());
            }
        };
        application = Application.start(
                main,
                Map.of("store", store, "listener", listener, "eager", interceptor),
                settings.toArray(String[]::new));
    }

    Application application() {
        return application;
    }

    RemoteStore store() {
        return store;
    }

    /** Why sessions were refused, in order. */
    List<Refusal> refusals() {
        return refusals;
    }

    /** The operations that the application's own interceptor was shown, in order. */
    List<String> seen() {
        return interceptor.seen;
    }

    Connection open(String... headers) throws Exception {
        return Connection.open(application.uri("ws", "/graphql"), headers);
    }

    /** The text of a ticket for alice. */
    String ticket() {
        return ticket(TicketBinding.none().withAudience(AUDIENCE));
    }

    String ticket(TicketBinding binding) {
        return application.issue(TicketHolder.of(1, "alice"), binding);
    }

    String ticket(TicketHolder holder) {
        return application.issue(holder, TicketBinding.none().withAudience(AUDIENCE));
    }

    /** Whether a ticket is still there; it is used up by this. */
    boolean isGood(String ticket) {
        return application.isGood(ticket);
    }

    /** Whether a session was let in with a ticket. */
    boolean hasRedeemed(String ticket) {
        return redeemed.contains(ticket);
    }

    @Override
    public void close() {
        application.close();
    }
}
