// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Which dispatch of a request to a path of tickets the filter lets through without one. */
class GatePathsFilterTest {

    private final Gate gate = Gate.of(TicketStore.inMemory());
    private final GatePathsFilter filter =
            new GatePathsFilter(request -> true, new ServletGate(gate), new GatePathsRefusal(gate));

    @Test
    void anErrorsPageThatIsForwardedToIsShown() throws Exception {
        assertThat(isLetThrough(DispatcherType.FORWARD, 404)).isTrue();
    }

    @Test
    void nothingElseIsWithoutATicket() throws Exception {
        assertThat(isLetThrough(DispatcherType.FORWARD, null)).isFalse();
        assertThat(isLetThrough(DispatcherType.REQUEST, 404)).isFalse();
    }

    @Test
    void whatTheGateOfAnotherChainHasAdmittedIsLetInToWhatItAsksForAlone() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        var another = new ServletGate(Gate.of(tickets));
        var request = new MockHttpServletRequest("GET", "/realtime/who");
        request.setQueryString("ticket="
                + tickets.issue(TicketHolder.of(1, "alice"))
                        .toCompletableFuture()
                        .join()
                        .reveal());
        assertThat(another.admit(request, Optional::empty)).isInstanceOf(Admission.Admitted.class);

        assertThat(isLetThrough(request)).isTrue();
        request.setDispatcherType(DispatcherType.FORWARD);
        assertThat(isLetThrough(request)).isFalse();
        request.setDispatcherType(DispatcherType.ASYNC);
        request.setAttribute(AsyncContext.ASYNC_REQUEST_URI, "/elsewhere");
        assertThat(isLetThrough(request)).isFalse();
        request.setAttribute(AsyncContext.ASYNC_REQUEST_URI, "/realtime/who");
        assertThat(isLetThrough(request)).isTrue();
    }

    private boolean isLetThrough(DispatcherType dispatch, @Nullable Integer errorStatus) throws Exception {
        var request = new MockHttpServletRequest("GET", "/realtime/who");
        request.setDispatcherType(dispatch);
        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, errorStatus);
        return isLetThrough(request);
    }

    private boolean isLetThrough(MockHttpServletRequest request) throws Exception {
        var response = new MockHttpServletResponse();
        var chain = new MockFilterChain();

        filter.doFilter(request, response, chain);

        boolean through = chain.getRequest() != null;
        assertThat(response.getStatus()).isEqualTo(through ? 200 : 401);
        return through;
    }
}
