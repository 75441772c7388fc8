// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.test;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.Tickets;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * What a test with {@code MockMvc} gives its requests:
 *
 * <pre>{@code
 * mvc.perform(get("/realtime/name").with(ticket(TicketHolder.of(1, "alice"))))
 * }</pre>
 *
 * <p>The ticket is a real one, issued by the application's {@link Tickets} bean for each request that is performed, and put where its
 * {@link Gate} bean looks for it. So the request passes the application's own filters and gate, which can still refuse it.
 */
public final class TicketRequestPostProcessors {

    /** More than any store's own timeout. */
    private static final long PATIENCE_SECONDS = 15;

    private TicketRequestPostProcessors() {}

    /** A ticket for this holder, as the application's tickets are unless told otherwise. */
    public static RequestPostProcessor ticket(TicketHolder holder) {
        return ticket(TicketGrant.to(holder));
    }

    /**
     * The ticket that this grant makes, such as one with authorities. The request fails with {@link IllegalStateException} if
     * {@code MockMvc} has no application, or if no ticket could be issued.
     */
    public static RequestPostProcessor ticket(TicketGrant.Granted grant) {
        Objects.requireNonNull(grant, "grant");
        return request -> {
            ApplicationContext application = application(request);
            Ticket ticket = issue(application.getBean(Tickets.class), grant);
            carry(request, application.getBean(Gate.class).carrier(), ticket.reveal());
            return request;
        };
    }

    private static ApplicationContext application(MockHttpServletRequest request) {
        ApplicationContext application =
                WebApplicationContextUtils.getWebApplicationContext(request.getServletContext());
        if (application == null) {
            throw new IllegalStateException("No application issues a ticket: build MockMvc with webAppContextSetup(…)");
        }
        return application;
    }

    private static Ticket issue(Tickets tickets, TicketGrant.Granted grant) {
        try {
            return tickets.issue(grant, null)
                    .toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "No ticket was issued for " + grant.holder(), TicketStoreException.unwrap(e));
        }
    }

    private static void carry(MockHttpServletRequest request, TicketCarrier carrier, String ticket) {
        if (carrier instanceof TicketCarrier.Query query) {
            String pair = query.parameter() + "=" + ticket;
            String others = request.getQueryString();
            request.setQueryString(others == null ? pair : others + "&" + pair);
            request.addParameter(query.parameter(), ticket);
        } else if (carrier instanceof TicketCarrier.Subprotocol subprotocol) {
            request.addHeader("Sec-WebSocket-Protocol", subprotocol.prefix() + ticket);
        } else if (carrier instanceof TicketCarrier.Header header) {
            request.addHeader(header.name(), ticket);
        }
    }
}
