// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.web.LiveResponses;
import io.github.realtimeticket.spring.web.ServletAnswer;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Lets the requests of its chain through by ticket only, as the ticket's holder. It stands behind every other way to log in, so that
 * whatever these have made of the request's other credentials is replaced.
 */
final class TicketAuthenticationFilter implements Filter {

    private static final String KNOWN = TicketAuthenticationFilter.class.getName();

    private final ServletGate gate;
    private final TicketAuthenticationConverter converter;
    private final BiFunction<HttpServletRequest, HttpServletResponse, Optional<Refusal>> behind;
    private final SecurityContextHolderStrategy contexts;

    // As the user of the request, its error page included, where it is dispatched to another chain.
    private final SecurityContextRepository repository = new RequestAttributeSecurityContextRepository();

    TicketAuthenticationFilter(
            ServletGate gate,
            TicketAuthenticationConverter converter,
            BiFunction<HttpServletRequest, HttpServletResponse, Optional<Refusal>> behind,
            SecurityContextHolderStrategy contexts) {
        this.gate = gate;
        this.converter = converter;
        this.behind = behind;
        this.contexts = contexts;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        filter((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.ERROR && !gate.knows(request)) {
            // An error page opens no connection, and is nobody's: not a session's user's either.
            contexts.setContext(contexts.createEmptyContext());
            chain.doFilter(request, response);
            return;
        }
        Admission admission = gate.admit(request, () -> behind.apply(request, response));
        if (admission instanceof Admission.Refused refused) {
            ServletAnswer.write(request, response, refused.reason());
            return;
        }
        Admission.Admitted admitted = (Admission.Admitted) admission;
        SecurityContext context = contexts.createEmptyContext();
        context.setAuthentication(user(request, admitted));
        contexts.setContext(context);
        repository.saveContext(context, request, response);
        LiveResponses.register(admitted, request, response, chain);
    }

    private Authentication user(HttpServletRequest request, Admission.Admitted admitted) {
        if (request.getAttribute(KNOWN) instanceof Known known && known.admitted() == admitted) {
            return known.user();
        }
        Authentication user = converter.convert(admitted);
        request.setAttribute(KNOWN, new Known(admitted, user));
        return user;
    }

    /** Whom the converter has made of an admission, for when the container dispatches the request again. */
    private record Known(Admission.Admitted admitted, Authentication user) {}
}
