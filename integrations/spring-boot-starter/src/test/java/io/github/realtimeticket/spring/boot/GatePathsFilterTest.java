// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
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

    private boolean isLetThrough(DispatcherType dispatch, @Nullable Integer errorStatus) throws Exception {
        var request = new MockHttpServletRequest("GET", "/realtime/who");
        request.setDispatcherType(dispatch);
        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, errorStatus);
        var response = new MockHttpServletResponse();
        var chain = new MockFilterChain();

        filter.doFilter(request, response, chain);

        boolean through = chain.getRequest() != null;
        assertThat(response.getStatus()).isEqualTo(through ? 200 : 401);
        return through;
    }
}
