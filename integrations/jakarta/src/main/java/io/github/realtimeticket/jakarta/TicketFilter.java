// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests through by ticket only, as the ticket's holder: WebSocket handshakes, event streams and plain requests.
 *
 * <pre>{@code
 * TicketFilter.webSockets(gate).register(context, "/realtime/*");
 * }</pre>
 *
 * <p>Behind it, {@code request.getUserPrincipal()} is the {@link io.github.realtimeticket.TicketHolder}, as {@code
 * Session.getUserPrincipal()} is in the endpoint of a Jakarta WebSocket, and {@link #admitted} what else is known. The holder has no
 * roles. A refusal is answered here, with the status and body of T11; the container's error pages are not asked. A page that includes
 * what is refused goes on without.
 *
 * <p>It decides once on a request, however often the container dispatches it: the answer, a time-out or the end of an asynchronous
 * request redeems nothing.
 *
 * <p>When the login ends that its ticket was issued in (T16, T17), a Jakarta WebSocket is closed with 3000 or 3003, and any other answer
 * ends: whatever writes to it gets an {@link IOException}, as of a client that has gone, and what is asynchronous is completed, after
 * which the application's own {@code complete()} does nothing. A WebSocket that its container does not show, or not as this user's, stays
 * open until its endpoint says {@link TicketConfigurator#opened}. A WARNING says of which paths none was found.
 *
 * <p>Thread-safe. A request's thread waits for the store: never for the in-memory store, and otherwise at most as long as the store's
 * own timeout. To give the thread back, the request would have to be dispatched a second time, on which containers do not upgrade to
 * a WebSocket. So that not all threads wait, the gate's tickets are of a {@link io.github.realtimeticket.BoundedTicketStore}.
 *
 * <p><b>Security:</b> it must stand before the container's own filter that upgrades. {@link #register}, called by a {@link
 * jakarta.servlet.ServletContextListener}, puts it there in each container; a {@code web.xml} does not in Jetty.
 */
public final class TicketFilter implements Filter {

    private static final String DECISIONS = TicketFilter.class.getName();

    private static final ThreadLocal<Admission.@Nullable Admitted> UPGRADING = new ThreadLocal<>();

    /** Where a container of Jakarta WebSockets is found, whose classes need not be there. */
    private static final String WEB_SOCKETS = "jakarta.websocket.server.ServerContainer";

    private final Gate gate;
    private final Predicate<? super HttpServletRequest> originIsAllowed;
    private final Predicate<? super HttpServletRequest> isServed;
    private final boolean handshakesOnly;
    private final boolean endsAnswers;

    private TicketFilter(
            Gate gate,
            boolean handshakesOnly,
            Predicate<? super HttpServletRequest> originIsAllowed,
            Predicate<? super HttpServletRequest> isServed,
            boolean endsAnswers) {
        this.gate = Objects.requireNonNull(gate, "gate");
        this.handshakesOnly = handshakesOnly;
        this.originIsAllowed = Objects.requireNonNull(originIsAllowed, "originIsAllowed");
        this.isServed = Objects.requireNonNull(isServed, "isServed");
        this.endsAnswers = endsAnswers;
    }

    /**
     * A filter that admits any request through this gate: for event streams, plain requests, and paths that have WebSockets among them.
     */
    public static TicketFilter of(Gate gate) {
        return new TicketFilter(gate, false, request -> true, request -> true, true);
    }

    /**
     * A filter that admits WebSocket handshakes through this gate, those over HTTP/2 included (RFC 8441): for paths of endpoints. Any other
     * request is answered with 400, and uses up no ticket.
     */
    public static TicketFilter webSockets(Gate gate) {
        return new TicketFilter(gate, true, request -> true, request -> true, true);
    }

    /**
     * The same, for endpoints that check the origin themselves: what {@code ServerEndpointConfig.Configurator.checkOrigin} will say is
     * asked before the ticket is used up, and not only after (T20).
     */
    public TicketFilter withOriginCheck(Predicate<? super HttpServletRequest> originIsAllowed) {
        return new TicketFilter(gate, handshakesOnly, originIsAllowed, isServed, endsAnswers);
    }

    /**
     * The same, for what serves some requests only, such as those for an event stream: another is refused with 400 before its ticket is used
     * up, and not only after (T20).
     */
    public TicketFilter withRequestCheck(Predicate<? super HttpServletRequest> isServed) {
        return new TicketFilter(gate, handshakesOnly, originIsAllowed, isServed, endsAnswers);
    }

    /**
     * The same for a framework that cannot bear that its asynchronous request is completed by somebody else: an answer ends with the login
     * if the application has said {@link Admission.Admitted#opened} for it, which is told to end it, and not otherwise.
     */
    public TicketFilter withoutEndingAnswers() {
        return new TicketFilter(gate, handshakesOnly, originIsAllowed, isServed, false);
    }

    /**
     * How this request was admitted: the ticket's holder, and what else is known of it.
     *
     * @throws IllegalStateException if no {@code TicketFilter} has admitted the request
     */
    public static Admission.Admitted admitted(ServletRequest request) {
        if (request.getAttribute(DECISIONS) instanceof Decisions decisions
                && decisions.last != null
                && decisions.last.admission() instanceof Admission.Admitted admitted) {
            return admitted;
        }
        throw new IllegalStateException("No TicketFilter on the way of this request");
    }

    /**
     * Registers this filter for these URL patterns, before all others and for every kind of dispatch, with asynchronous support. To be
     * called by a {@link jakarta.servlet.ServletContextListener}, when the container has registered what it upgrades with.
     *
     * @throws IllegalStateException if the context has been started, or a filter has been registered for the same patterns
     */
    public void register(ServletContext context, String... urlPatterns) {
        String name = TicketFilter.class.getName() + " " + String.join(" ", urlPatterns);
        FilterRegistration.Dynamic registration = context.addFilter(name, this);
        if (registration == null) {
            throw new IllegalStateException("There is a " + name);
        }
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, urlPatterns);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        Decisions decisions = Decisions.of(asked);
        Decision known = decisions.byGate.get(gate);
        if (known == null && asked.getDispatcherType() == DispatcherType.ERROR) {
            // An error page opens no connection, and is nobody's.
            chain.doFilter(new TicketRequest(asked, Optional.empty()), response);
            return;
        }
        Decision before = decisions.last;
        Decision decision = known == null ? decide(asked) : known;
        decisions.byGate.put(gate, decision);
        decisions.last = decision;
        try {
            if (decision.admission() instanceof Admission.Refused refused) {
                ServletAnswer.write(asked, answer, refused.reason());
            } else if (decision.live() != null) {
                goOn(decision.live(), asked, answer, chain);
            }
        } finally {
            if (before != null && asked.getDispatcherType() == DispatcherType.INCLUDE) {
                // The page that includes is whose it was.
                decisions.last = before;
            }
        }
    }

    private void goOn(LiveStream live, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Admission.Admitted outer = UPGRADING.get();
        UPGRADING.set(live.admitted());
        live.dispatched();
        try {
            var asked = new TicketRequest(request, Optional.of(live.admitted()));
            if (endsAnswers) {
                var answer = new LiveResponse(response, live);
                chain.doFilter(new LiveRequest(asked, answer, live), answer);
            } else {
                chain.doFilter(asked, response);
            }
            expectWebSocket(asked, response, live.admitted());
        } catch (LiveStream.Over e) {
            // Whoever was writing has been told, and this is the end of it. A client that was promised more is to see
            // that it does not come.
            if (response.containsHeader("Content-Length")) {
                throw e;
            }
        } finally {
            live.returned(request.isAsyncStarted());
            if (outer == null) {
                UPGRADING.remove();
            } else {
                UPGRADING.set(outer);
            }
        }
    }

    /** What the request was admitted as that this thread is on the way with: a container upgrades on it, and shows no attributes. */
    static Optional<Admission.Admitted> upgrading() {
        return Optional.ofNullable(UPGRADING.get());
    }

    private static void expectWebSocket(
            TicketRequest request, HttpServletResponse response, Admission.Admitted admitted) {
        boolean upgraded = response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS
                || (request.getMethod().equals("CONNECT") && response.getStatus() == HttpServletResponse.SC_OK);
        Object container = upgraded ? request.getServletContext().getAttribute(WEB_SOCKETS) : null;
        if (container != null) {
            LiveSession.expect(container, request, admitted);
        }
    }

    private Decision decide(HttpServletRequest request) {
        Admission admission = gate.admit(
                        new ServletConnectionRequest(request, handshakesOnly, originIsAllowed, isServed))
                .toCompletableFuture()
                .join();
        LiveStream live = admission instanceof Admission.Admitted admitted ? new LiveStream(admitted) : null;
        return new Decision(admission, live);
    }

    private record Decision(Admission admission, @Nullable LiveStream live) {}

    /** What gates have decided on a request: each once, and no other lets it in for that. */
    private static final class Decisions {

        final Map<Gate, Decision> byGate = new HashMap<>();

        @Nullable
        Decision last;

        static Decisions of(ServletRequest request) {
            if (!(request.getAttribute(DECISIONS) instanceof Decisions)) {
                request.setAttribute(DECISIONS, new Decisions());
            }
            return (Decisions) request.getAttribute(DECISIONS);
        }
    }
}
