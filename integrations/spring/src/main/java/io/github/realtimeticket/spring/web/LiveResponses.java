// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission.Admitted;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The answers to requests that were admitted by ticket, each registered for as long as it takes (T16, T17). An asynchronous one, such as an
 * event stream, is completed when its login ends; one that a thread is writing ends with that thread. What becomes a WebSocket is taken over
 * where that is opened: {@link Handover}.
 *
 * <p>Thread-safe.
 */
public final class LiveResponses {

    private static final System.Logger LOG = System.getLogger(LiveResponses.class.getName());

    private static final String KEY = LiveResponses.class.getName();

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private LiveResponses() {}

    /** Goes on with a request that was admitted. */
    public static void register(
            Admitted admitted, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (handover(request).isPresent()) {
            chain.doFilter(request, response);
            return;
        }
        var answer = new AsynchronousAnswer(admitted);
        var handover = new Handover(admitted, (code, reason) -> answer.complete());
        request.setAttribute(KEY, handover);
        handover.begin();
        boolean followed = false;
        try {
            chain.doFilter(request, response);
            boolean upgrading = handover.isUpgrading();
            followed = !upgrading && request.isAsyncStarted() && answer.follow(request.getAsyncContext());
            if (!upgrading && !followed && response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
                warn(request);
            }
        } finally {
            if (!followed) {
                boolean unused = handover.returned(true);
            }
        }
    }

    /** By which a WebSocket takes this request over; nothing if no filter of this application has admitted it. */
    public static Optional<Handover> handover(ServletRequest request) {
        // Another application in the same container, which a request was forwarded by, may have a class of this name.
        return request.getAttribute(KEY) instanceof Handover handover ? Optional.of(handover) : Optional.empty();
    }

    private static void warn(HttpServletRequest request) {
        if (!TOLD.getAndSet(true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A WebSocket was opened by ticket that is not closed when its login ends, because neither Spring's"
                            + " @EnableWebSocket nor a LiveWebSockets bean serves it: " + request.getServletPath()
                            + ". This is said once");
        }
    }
}
