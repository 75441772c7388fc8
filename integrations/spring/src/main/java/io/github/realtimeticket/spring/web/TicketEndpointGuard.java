// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * Stands before the application's security on the path where tickets are issued. Refuses other methods and other sites' pages,
 * and gives whatever the security between here and the {@link TicketEndpoint} refuses (no login, no CSRF token) the endpoint's
 * JSON body and a true status, whichever way the application refuses its own pages (T12).
 *
 * <p>Thread-safe. For requests and for asynchronous dispatches, in which it writes the answer that the endpoint has waited for.
 */
public final class TicketEndpointGuard implements Filter {

    private static final System.Logger LOG = System.getLogger(TicketEndpointGuard.class.getName());

    private final TicketEndpointSettings settings;

    /** A guard for an endpoint with the same settings. */
    public TicketEndpointGuard(TicketEndpointSettings settings) {
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /** Whether this request asks for a ticket, and a guard has let it through. */
    public static boolean guards(HttpServletRequest request) {
        return GuardedResponse.isFor(request);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        guard((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private void guard(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // The application's security has had its say, and need not know the user a second time.
        if (TicketAnswer.writeKept(request, response)) {
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        RequestOrigin origin = RequestOrigin.of(request, settings);
        Cors.answer(request, response, settings, origin);
        if (Cors.isPreflight(request) && origin == RequestOrigin.ALLOWED) {
            response.setStatus(204);
            return;
        }
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            TicketAnswer.error(405, "A ticket is issued for POST only", settings)
                    .write(response);
            return;
        }
        if (origin == RequestOrigin.FOREIGN) {
            String detail = "The request comes from a page of another origin, " + RequestOrigin.header(request);
            TicketAnswer.error(403, detail, settings).write(response);
            return;
        }
        var guarded = new GuardedResponse(request, response);
        try {
            chain.doFilter(new GuardedRequest(request, settings.path()), guarded);
        } catch (IOException | ServletException | RuntimeException e) {
            if (guarded.isOpen()) {
                throw e;
            }
            LOG.log(Level.ERROR, "A filter before the endpoint has failed", e);
            TicketAnswer.error(500, "A filter before the endpoint has failed: " + e, settings)
                    .write(response);
            return;
        }
        if (!guarded.isOpen()) {
            String detail = guarded.refusal() == 401
                    ? "Nobody is logged in"
                    : "Refused with status " + guarded.refusal()
                            + " before the endpoint: no valid CSRF token, or a rule of the application";
            TicketAnswer.error(guarded.refusal(), detail, settings).write(response);
        }
    }
}
