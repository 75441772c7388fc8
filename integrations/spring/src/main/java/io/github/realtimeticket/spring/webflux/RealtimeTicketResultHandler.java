// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.spring.web.PageTicket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.result.view.Rendering;
import org.springframework.web.reactive.result.view.UrlBasedViewResolver;
import org.springframework.web.reactive.result.view.View;
import org.springframework.web.reactive.result.view.ViewResolutionResultHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Puts a ticket into the model of views whose controller carries {@link io.github.realtimeticket.spring.web.RealtimeTicket}, and leaves the rest to Spring's own handler of
 * views, before which it stands.
 *
 * <p>Thread-safe, and never blocks. A page renders when the store has answered or failed, within its own timeout.
 */
public final class RealtimeTicketResultHandler implements HandlerResultHandler, Ordered {

    private final ExchangeIssuer tickets;
    private final ViewResolutionResultHandler views;
    private final ReactiveAdapterRegistry adapters;

    /** Tickets of this issuer, for what the application grants its users, in what this handler renders. */
    public RealtimeTicketResultHandler(
            Issuer issuer,
            ReactiveTicketGrants grants,
            ViewResolutionResultHandler views,
            ReactiveAdapterRegistry adapters) {
        tickets = new ExchangeIssuer(issuer, grants);
        this.views = Objects.requireNonNull(views, "views");
        this.adapters = Objects.requireNonNull(adapters, "adapters");
    }

    @Override
    public int getOrder() {
        return views.getOrder() - 1;
    }

    @Override
    public boolean supports(HandlerResult result) {
        return PageTicket.isWantedBy(result.getHandler()) && views.supports(result);
    }

    /** The value that comes later is awaited first: only then it is known whether it redirects. */
    @Override
    public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
        Object value = result.getReturnValue();
        ReactiveAdapter adapter = adapters.getAdapter(null, value);
        if (value == null || adapter == null || adapter.isMultiValue()) {
            return render(exchange, result, value);
        }
        return Mono.from(adapter.toPublisher(value))
                .singleOptional()
                .flatMap(known -> render(exchange, with(result, Mono.justOrEmpty(known)), known.orElse(null)));
    }

    private Mono<Void> render(ServerWebExchange exchange, HandlerResult result, @Nullable Object value) {
        return redirects(value)
                ? views.handleResult(exchange, result)
                : tickets.issueForPage(exchange).flatMap(issued -> {
                    var ticket = new PageTicket(issued);
                    result.getModel().addAttribute(PageTicket.ATTRIBUTE, ticket);
                    ticket.writeHeaders(exchange.getResponse().getHeaders()::set);
                    return views.handleResult(exchange, result);
                });
    }

    private static HandlerResult with(HandlerResult result, Mono<?> value) {
        return new HandlerResult(result.getHandler(), value, result.getReturnTypeSource(), result.getBindingContext());
    }

    private static boolean redirects(@Nullable Object value) {
        Object view = value instanceof Rendering rendering ? rendering.view() : value;
        return view instanceof View known
                ? known.isRedirectView()
                : view instanceof CharSequence name
                        && name.toString().startsWith(UrlBasedViewResolver.REDIRECT_URL_PREFIX);
    }
}
