// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
        assertThat(TicketCarrier.query().find(request(query))).containsExactly("abc");
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
        assertThat(TicketCarrier.query().find(request(query))).containsExactly("a", "b");
    }

    @Test
    void twoEqualParametersAreTwo() {
        assertThat(TicketCarrier.query().find(request("ticket=a&ticket=a"))).containsExactly("a", "a");
    }

    @Test
    void aParameterWithoutAValueIsFoundEmpty() {
        assertThat(TicketCarrier.query().find(request("ticket"))).containsExactly("");
        assertThat(TicketCarrier.query().find(request("ticket="))).containsExactly("");
        assertThat(TicketCarrier.query().find(request("ticket&ticket=a"))).containsExactly("", "a");
    }

    @Test
    void aBrokenEscapeLeavesTheTextAsItIs() {
        assertThat(TicketCarrier.query().find(request("ticket=%zz"))).containsExactly("%zz");
        assertThat(TicketCarrier.query().find(request("ticket=abc%"))).containsExactly("abc%");
        assertThat(TicketCarrier.query().find(request("ticket=a+b"))).containsExactly("a b");
    }

    @Test
    void aQueryWithoutTheParameterHasNone() {
        assertThat(TicketCarrier.query().find(request(null))).isEmpty();
        assertThat(TicketCarrier.query().find(request(""))).isEmpty();
        assertThat(TicketCarrier.query().find(request("a=ticket&tickets=b&xticket=c&ticket%00=d")))
                .isEmpty();
        assertThat(TicketCarrier.query("t").find(request("ticket=a&t=b"))).containsExactly("b");
    }

    @Test
    void aCarrierLooksNowhereElse() {
        ConnectionRequest everywhere = request("ticket=query", name -> switch (name) {
            case "Sec-WebSocket-Protocol" -> List.of("ticket.protocol");
            case "Realtime-Ticket" -> List.of("header");
            default -> List.of();
        });

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
        assertThat(TicketCarrier.subprotocol().find(request(null))).isEmpty();
    }

    @Test
    void noSubprotocolThatCarriesATicketIsOfferedToTheApplication() {
        assertThat(TicketCarrier.subprotocol().subprotocols(offering("ticket.a", "ticket.b, ticket.")))
                .isEmpty();
        assertThat(TicketCarrier.query().subprotocols(offering("chat", "v2"))).containsExactly("chat", "v2");
        assertThat(TicketCarrier.header().subprotocols(request(null))).isEmpty();
    }

    @Test
    void everyHeaderLineIsATicketAndNoneIsCutUp() {
        assertThat(TicketCarrier.header("T").find(request(null, name -> List.of("a", "b, c", ""))))
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
        return request(null, name -> name.equals("Sec-WebSocket-Protocol") ? List.of(lines) : List.of());
    }

    private static ConnectionRequest request(@Nullable String query) {
        return request(query, name -> List.of());
    }

    private static ConnectionRequest request(@Nullable String query, Function<String, List<String>> headers) {
        return new ConnectionRequest() {
            @Override
            public @Nullable String query() {
                return query;
            }

            @Override
            public List<String> headers(String name) {
                return headers.apply(name);
            }
        };
    }
}
