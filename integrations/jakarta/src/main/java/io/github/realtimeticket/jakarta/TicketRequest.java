// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.TicketHolder;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request that is its ticket's holder's and nobody else's: whoever has logged in with other credentials is not seen. */
final class TicketRequest extends HttpServletRequestWrapper {

    private static final String SUBPROTOCOLS = "Sec-WebSocket-Protocol";

    private final Optional<Admitted> admitted;
    private final @Nullable TicketHolder user;

    /** Nobody's request if nothing was admitted. */
    TicketRequest(HttpServletRequest request, Optional<Admitted> admitted) {
        super(request);
        this.admitted = admitted;
        user = admitted.map(Admitted::holder)
                .map(TicketRequest::instanceOfItsOwn)
                .orElse(null);
    }

    // What a store in memory gives out may be the holder of several tickets.
    private static TicketHolder instanceOfItsOwn(TicketHolder holder) {
        return holder.withAttributes(holder.attributes());
    }

    /** The holder, as an instance that is this request's alone. */
    @Override
    public @Nullable TicketHolder getUserPrincipal() {
        return user;
    }

    @Override
    public @Nullable String getRemoteUser() {
        return admitted.map(known -> known.holder().username()).orElse(null);
    }

    /** The challenge that a refusal names. */
    @Override
    public @Nullable String getAuthType() {
        return admitted.isPresent() ? "Ticket" : null;
    }

    @Override
    public boolean isUserInRole(String role) {
        return false;
    }

    // The other containers do not ask a request to upgrade to a WebSocket.
    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> type) throws IOException, ServletException {
        T handler = super.upgrade(type);
        return admitted.isPresent() && type.getName().equals(TomcatUpgrade.HANDLER)
                ? type.cast(new TomcatUpgrade(handler, admitted.get()))
                : handler;
    }

    // Whatever subprotocols an endpoint chooses, it can't echo one that it does not see (T10).

    @Override
    public @Nullable String getHeader(String name) {
        return isHidden(name) ? offered().stream().findFirst().orElse(null) : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isHidden(name) ? Collections.enumeration(offered()) : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(Collections.list(super.getHeaderNames()));
        if (isHidden(SUBPROTOCOLS) && offered().isEmpty()) {
            names.remove(SUBPROTOCOLS);
        }
        return Collections.enumeration(names);
    }

    private boolean isHidden(String name) {
        return admitted.isPresent() && name.equalsIgnoreCase(SUBPROTOCOLS);
    }

    private List<String> offered() {
        List<String> subprotocols = admitted.map(Admitted::subprotocols).orElse(List.of());
        return subprotocols.isEmpty() ? List.of() : List.of(String.join(", ", subprotocols));
    }
}
