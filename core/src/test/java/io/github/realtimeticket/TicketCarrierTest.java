// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketCarrierTest {

    @ParameterizedTest
    @CsvSource({
        "ticket=abc",
        "a=b&ticket=abc",
        "ticket=abc&a=b",
        "&&ticket=abc&",
        "a&ticket=abc&=x",
        "%74icket=abc",
        "%74%69%63%6B%65%74=abc",
        "%74%69%63%6b%65%74=abc",
        "ticket=%61bc",
        "a=ticket=x&ticket=abc",
        "Ticket=x&TICKET=y&tickets=z&ticket=abc",
        "a=%zz&%=%&ticket=abc"
    })
    void aQueryParameterIsFoundInEverySpelling(String query) {
        assertThat(TicketCarrier.query().find(Connecting.with(query))).containsExactly("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ticket=a&ticket=b",
                "ticket=a&x=y&%74icket=b",
                "%74icket=a&tick%65t=b",
                "ticket=a&ticket=%62",
                "x&ticket=a&ticket=b&"
            })
    void twoParametersAreFoundInEverySpelling(String query) {
        assertThat(TicketCarrier.query().find(Connecting.with(query))).containsExactly("a", "b");
    }

    @Test
    void twoEqualParametersAreTwo() {
        assertThat(TicketCarrier.query().find(Connecting.with("ticket=a&ticket=a")))
                .containsExactly("a", "a");
    }

    @Test
    void aParameterWithoutAValueIsFoundEmpty() {
        assertThat(TicketCarrier.query().find(Connecting.with("ticket"))).containsExactly("");
        assertThat(TicketCarrier.query().find(Connecting.with("ticket="))).containsExactly("");
        assertThat(TicketCarrier.query().find(Connecting.with("ticket&ticket=a")))
                .containsExactly("", "a");
    }

    @Test
    void aBrokenEscapeLeavesTheTextAsItIs() {
        assertThat(TicketCarrier.query().find(Connecting.with("ticket=%zz"))).containsExactly("%zz");
        assertThat(TicketCarrier.query().find(Connecting.with("ticket=abc%"))).containsExactly("abc%");
        assertThat(TicketCarrier.query().find(Connecting.with("ticket=a+b"))).containsExactly("a b");
    }

    @Test
    void aQueryWithoutTheParameterHasNone() {
        assertThat(TicketCarrier.query().find(Connecting.with(null))).isEmpty();
        assertThat(TicketCarrier.query().find(Connecting.with(""))).isEmpty();
        assertThat(TicketCarrier.query().find(Connecting.with("a=ticket&tickets=b&xticket=c&ticket%00=d")))
                .isEmpty();
        assertThat(TicketCarrier.query("t").find(Connecting.with("ticket=a&t=b")))
                .containsExactly("b");
    }

    @Test
    void aCarrierLooksNowhereElse() {
        var everywhere = new Connecting(
                "ticket=query",
                Map.of("Sec-WebSocket-Protocol", List.of("ticket.protocol"), "Realtime-Ticket", List.of("header")));

        assertThat(TicketCarrier.query().find(everywhere)).containsExactly("query");
        assertThat(TicketCarrier.subprotocol().find(everywhere)).containsExactly("protocol");
        assertThat(TicketCarrier.header().find(everywhere)).containsExactly("header");
        assertThat(TicketCarrier.header("X-Other").find(everywhere)).isEmpty();
    }

    @Test
    void subprotocolsAreOneListOverSeveralLines() {
        ConnectionRequest request = offering("chat , ticket.abc", "", "v2.chat,,\tv1.chat ,");

        assertThat(TicketCarrier.subprotocol().find(request)).containsExactly("abc");
        assertThat(TicketCarrier.subprotocol().subprotocols(request)).containsExactly("chat", "v2.chat", "v1.chat");
    }

    @Test
    void twoTicketsAreFoundInOneLineAndInTwo() {
        assertThat(TicketCarrier.subprotocol().find(offering("ticket.a,chat,ticket.b")))
                .containsExactly("a", "b");
        assertThat(TicketCarrier.subprotocol().find(offering("ticket.a", "ticket.b")))
                .containsExactly("a", "b");
    }

    @Test
    void anEmptyTicketAmongSubprotocolsIsFoundEmpty() {
        assertThat(TicketCarrier.subprotocol().find(offering("chat, ticket."))).containsExactly("");
        assertThat(TicketCarrier.subprotocol().find(offering("chat, ticket"))).isEmpty();
        assertThat(TicketCarrier.subprotocol().find(Connecting.with(null))).isEmpty();
    }

    @Test
    void noSubprotocolThatCarriesATicketIsOfferedToTheApplication() {
        assertThat(TicketCarrier.subprotocol().subprotocols(offering("ticket.a", "ticket.b, ticket.")))
                .isEmpty();
        assertThat(TicketCarrier.query().subprotocols(offering("chat", "v2"))).containsExactly("chat", "v2");
        assertThat(TicketCarrier.header().subprotocols(Connecting.with(null))).isEmpty();
    }

    @Test
    void everyHeaderLineIsATicketAndNoneIsCutUp() {
        assertThat(TicketCarrier.header("T").find(Connecting.with(null, "T", "a", "b, c", "")))
                .containsExactly("a", "b, c", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a&b", "a=b", "ticket,", "é", "a\n", "%74", "a+b", "a/b"})
    void aNameThatWouldNeedEscapingIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> TicketCarrier.query(name));
        assertThatIllegalArgumentException().isThrownBy(() -> TicketCarrier.subprotocol(name));
        assertThatIllegalArgumentException().isThrownBy(() -> TicketCarrier.header(name));
    }

    private static ConnectionRequest offering(String... lines) {
        return Connecting.with(null, "Sec-WebSocket-Protocol", lines);
    }
}
