// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final String APP = "https://app.example";
    private static final String EVIL = "https://evil.example";

    private final AtomicInteger asked = new AtomicInteger();
    private final TicketStore store = counting(TicketStore.inMemory());
    private final Tickets tickets = Tickets.of(store);

    @Test
    void aTicketOpensOneConnection() {
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(TicketBinding.none());

        assertThat(gate.admit(carrying(ticket))).isCompletedWithValueMatching(GateTest::isAlice);
        assertRefused(gate, carrying(ticket), Refusal.NOTHING);
    }

    @Test
    void withAnotherCarrierItIsTheSameGateOtherwise() {
        Gate gate = Gate.builder(tickets)
                .audience("chat")
                .allowedOrigins(List.of(APP))
                .build()
                .withCarrier(TicketCarrier.header("ticket"));
        Ticket first = issue(TicketBinding.none().withAudience("chat"));
        Ticket second = issue(TicketBinding.none().withAudience("chat"));

        assertRefused(gate, carrying(first), Refusal.MISSING);
        assertThat(gate.admit(new Connecting(null, Map.of("ticket", List.of(first.reveal()), "Origin", List.of(APP)))))
                .isCompletedWithValueMatching(GateTest::isAlice);
        assertRefused(
                gate,
                new Connecting(null, Map.of("ticket", List.of(second.reveal()), "Origin", List.of(EVIL))),
                Refusal.WRONG_ORIGIN);
    }

    @Test
    void aRequestWithoutATicketIsMissingOne() {
        assertRefused(Gate.of(tickets), Connecting.with(null), Refusal.MISSING);
        assertRefused(Gate.of(tickets), Connecting.with("room=1"), Refusal.MISSING);

        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ticket",
                "ticket=",
                "ticket=short",
                "ticket=%00",
                "ticket=%zz",
                "ticket=a+b/c==aaaaaaaaaaaaaaaaaa"
            })
    void theStoreIsNotAskedForAMalformedTicket(String query) {
        assertRefused(Gate.of(tickets), Connecting.with(query), Refusal.MALFORMED);

        assertThat(asked).hasValue(0);
    }

    @Test
    void twoTicketsAreRefusedAndNeitherIsUsedUp() {
        Gate gate = Gate.of(tickets);
        Ticket first = issue(TicketBinding.none());
        Ticket second = issue(TicketBinding.none());
        String two = "ticket=" + first.reveal() + "&%74icket=" + second.reveal();

        assertRefused(gate, Connecting.with(two), Refusal.AMBIGUOUS);
        assertRefused(gate, Connecting.with("ticket=" + first.reveal() + "&ticket"), Refusal.AMBIGUOUS);

        assertThat(asked).hasValue(0);
        assertThat(gate.admit(carrying(first))).isCompletedWithValueMatching(GateTest::isAlice);
        assertThat(gate.admit(carrying(second))).isCompletedWithValueMatching(GateTest::isAlice);
    }

    @Test
    void aTicketFromAnotherOriginIsBurnt() {
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(new TicketBinding(null, APP));

        assertRefused(gate, carrying(ticket, EVIL), Refusal.WRONG_ORIGIN);
        assertRefused(gate, carrying(ticket, APP), Refusal.NOTHING);
    }

    @Test
    void aTicketOfAnotherAudienceIsBurnt() {
        Gate chat = Gate.builder(tickets).audience("chat").build();
        Gate news = Gate.builder(tickets).audience("news").build();
        Ticket ticket = issue(new TicketBinding("chat", null));

        assertRefused(news, carrying(ticket), Refusal.WRONG_AUDIENCE);
        assertRefused(chat, carrying(ticket), Refusal.NOTHING);
    }

    @Test
    void aTicketOfAnAudienceIsNotForANamelessGate() {
        assertRefused(Gate.of(tickets), carrying(issue(new TicketBinding("chat", null))), Refusal.WRONG_AUDIENCE);
    }

    @Test
    void theStoreIsAskedBeforeTheOriginAndTheOriginComesBeforeTheAudience() {
        Gate gate = Gate.of(tickets);

        assertRefused(gate, carrying(Ticket.random(), EVIL), Refusal.NOTHING);
        assertRefused(gate, carrying(issue(new TicketBinding("chat", APP)), EVIL), Refusal.WRONG_ORIGIN);
        assertRefused(gate, carrying(issue(new TicketBinding("chat", APP)), APP), Refusal.WRONG_AUDIENCE);
    }

    @Test
    void aGateHasTheAudienceOfItsTicketsUnlessToldOtherwise() {
        Tickets chat = Tickets.builder(store).audience("chat").build();
        Ticket ticket = chat.issue(ALICE).toCompletableFuture().join();

        assertThat(Gate.of(chat).admit(carrying(ticket))).isCompletedWithValueMatching(GateTest::isAlice);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example:443",
        "https://app.example.evil.example",
        "http://app.example",
        "HTTPS://APP.EXAMPLE",
        "null",
        "''",
        "'https://app.example, https://app.example'",
        "https://app.example/"
    })
    void anOriginIsComparedAsItWasSent(String origin) {
        assertRefused(Gate.of(tickets), carrying(issue(new TicketBinding(null, APP)), origin), Refusal.WRONG_ORIGIN);
    }

    @Test
    void bothOfTwoOriginsMustBeRight() {
        TicketBinding bound = new TicketBinding(null, APP);
        Gate gate = Gate.of(tickets);

        assertRefused(gate, carrying(issue(bound), APP, EVIL), Refusal.WRONG_ORIGIN);
        assertRefused(gate, carrying(issue(bound), EVIL, APP), Refusal.WRONG_ORIGIN);
        assertThat(gate.admit(carrying(issue(bound), APP, APP))).isCompletedWithValueMatching(GateTest::isAlice);
    }

    @Test
    void aRequestWithoutAnOriginIsNotRefusedForThat() {
        Gate gate = Gate.builder(tickets).allowedOrigins(List.of(APP)).build();

        assertThat(gate.admit(carrying(issue(new TicketBinding(null, APP)))))
                .isCompletedWithValueMatching(GateTest::isAlice);
    }

    @Test
    void anUnboundTicketMayComeFromAnywhereThatTheGateAllows() {
        Gate open = Gate.of(tickets);
        Gate strict = Gate.builder(tickets)
                .allowedOrigins(List.of("HTTPS://App.Example:443", "https://my_shop.example.com"))
                .build();
        TicketBinding none = TicketBinding.none();

        assertThat(open.admit(carrying(issue(none), EVIL))).isCompletedWithValueMatching(GateTest::isAlice);
        assertThat(strict.admit(carrying(issue(none), APP))).isCompletedWithValueMatching(GateTest::isAlice);
        assertRefused(strict, carrying(issue(none), EVIL), Refusal.WRONG_ORIGIN);
        assertRefused(strict, carrying(issue(new TicketBinding(null, EVIL)), EVIL), Refusal.WRONG_ORIGIN);
        assertRefused(strict, carrying(issue(none), "null"), Refusal.WRONG_ORIGIN);
    }

    @ParameterizedTest
    @EnumSource(names = "SILENT", mode = EnumSource.Mode.EXCLUDE)
    void whateverGoesWrongInTheStoreNobodyIsLetIn(Broken broken) {
        assertRefused(Gate.of(Tickets.of(broken.store())), carrying(Ticket.random()), Refusal.FAILED);
    }

    @Test
    void whileTheStoreIsSilentNobodyIsLetIn() {
        assertThat(Gate.of(Tickets.of(Broken.SILENT.store())).admit(carrying(Ticket.random())))
                .isNotDone();
    }

    @Test
    @SuppressWarnings("NullAway")
    void aRequestThatFailsOrAnswersNullIsRefused() {
        ConnectionRequest failing = new ConnectionRequest() {
            @Override
            public @Nullable String query() {
                throw new IllegalStateException("gone");
            }

            @Override
            public List<String> headers(String name) {
                return null;
            }
        };

        assertRefused(Gate.of(tickets), failing, Refusal.FAILED);
        assertRefused(Gate.builder(tickets).carrier(TicketCarrier.header()).build(), failing, Refusal.FAILED);
        assertRefused(Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build(), failing, Refusal.FAILED);
    }

    @Test
    void ofARequestItIsEnoughToSayWhatMatters() {
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(new TicketBinding(null, APP));
        String query = "ticket=" + ticket.reveal();
        Map<String, List<String>> fromApp = Map.of("Origin", List.of(APP));
        Function<String, List<String>> headers = name -> fromApp.getOrDefault(name, List.of());

        assertRefused(gate, ConnectionRequest.of(query, headers, Refusal.UNSUITABLE), Refusal.UNSUITABLE);
        assertThat(gate.admit(ConnectionRequest.of(query, headers))).isCompletedWithValueMatching(GateTest::isAlice);
        assertThat(ConnectionRequest.of(query, headers).toString()).doesNotContain(ticket.reveal());
    }

    @Test
    void aFaultOfTheRequestIsHeardAsARefusal() {
        List<TicketEvent> events = new ArrayList<>();
        Gate gate = Gate.of(Tickets.builder(store).listener(events::add).build());

        assertRefused(
                gate,
                new ConnectionRequest() {
                    @Override
                    public @Nullable String query() {
                        throw new NoClassDefFoundError("as the test wants it");
                    }

                    @Override
                    public List<String> headers(String name) {
                        return List.of();
                    }
                },
                Refusal.FAILED);

        assertThat(events).containsExactly(new TicketEvent.Refused(Refusal.FAILED, null, false));
    }

    @Test
    void whatAFrameworkRefusesIsHeardAsAnyOtherRefusal() {
        List<TicketEvent> events = new ArrayList<>();
        Gate gate = Gate.of(Tickets.builder(store).listener(events::add).build());

        Admission.Refused refused = gate.refuse(Refusal.NO_HANDSHAKE);

        assertThat(refused.reason()).isEqualTo(Refusal.NO_HANDSHAKE);
        assertThat(events).containsExactly(new TicketEvent.Refused(Refusal.NO_HANDSHAKE, null, false));
    }

    @Test
    void anAdmittedRequestMayBeAnsweredWithAnyOfferedSubprotocolButTheTicket() {
        Gate gate = Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build();
        String offer = "v2.chat, ticket." + issue(TicketBinding.none()).reveal() + ", chat";

        Admission admission = gate.admit(Connecting.with(null, "Sec-WebSocket-Protocol", offer))
                .toCompletableFuture()
                .join();

        assertThat(admission.fold(Admission.Admitted::subprotocols, refused -> List.of("refused")))
                .containsExactly("v2.chat", "chat");
        assertThat(admission).hasToString("Admitted[TicketHolder[id=1, username=alice]]");
    }

    @Test
    void t10_theTicketIsTakenOutOfTheSubprotocolsAndTheyAreLeftAloneIfItIsElsewhere() {
        Gate gate = Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build();
        String ticket = "ticket." + issue(TicketBinding.none()).reveal();
        String another = "ticket." + issue(TicketBinding.none()).reveal();
        String query = "ticket=" + issue(TicketBinding.none()).reveal();

        assertThat(hidden(gate, Connecting.with(null, "Sec-WebSocket-Protocol", "v2.chat, " + ticket + ", chat")))
                .isEqualTo(Map.of("Sec-WebSocket-Protocol", List.of("v2.chat,chat")));
        assertThat(hidden(gate, Connecting.with(null, "Sec-WebSocket-Protocol", another)))
                .isEqualTo(Map.of("Sec-WebSocket-Protocol", List.of()));
        assertThat(hidden(Gate.of(tickets), Connecting.with(query, "Sec-WebSocket-Protocol", "v2.chat, chat")))
                .isEmpty();
    }

    private static Map<String, List<String>> hidden(Gate gate, ConnectionRequest request) {
        Map<String, List<String>> fields = new HashMap<>();
        Admission admission = gate.admit(request).toCompletableFuture().join();
        ((Admission.Admitted) admission).hideTicket(fields::put);
        return fields;
    }

    @ParameterizedTest
    @CsvSource({
        "UNSUITABLE, 400, bad request",
        "NO_HANDSHAKE, 400, 'a WebSocket handshake is expected here, over HTTP/1.1 with the headers Connection and Upgrade,"
                + " which a proxy must be told to pass on'",
        "MISSING, 401, unauthorized",
        "MALFORMED, 401, unauthorized",
        "AMBIGUOUS, 401, unauthorized",
        "NOTHING, 401, unauthorized",
        "WRONG_ORIGIN, 403, forbidden",
        "WRONG_AUDIENCE, 403, forbidden",
        "FAILED, 503, unavailable"
    })
    void aRefusalTellsTheClientItsStatusOnly(Refusal refusal, int status, String message) {
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.message()).isEqualTo(message);
        assertThat(refusal.body()).isEqualTo("{\"status\":\"error\",\"message\":\"" + message + "\"}");
        assertThat(refusal.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store");
        assertThat(refusal.headers().get("WWW-Authenticate")).isEqualTo(status == 401 ? "Ticket" : null);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version, 8, dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version, '', dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version, 13, ''",
        "Sec-WebSocket-Version, 13, short",
        "Sec-WebSocket-Version, 13, *GhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version, 13, dGhlIHNhbXBsZSBub25jZWVl",
        "Other, 13, dGhlIHNhbXBsZSBub25jZQ=="
    })
    void t20_aHandshakeThatNoServerCanAnswerUsesUpNoTicket(String field, String version, String key) {
        assertUsesUpNoTicket(Map.of(
                "Upgrade",
                List.of("WebSocket"),
                "Connection",
                List.of("keep-alive, Upgrade"),
                field,
                List.of(version),
                "Sec-WebSocket-Key",
                key.isEmpty() ? List.of() : List.of(key)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";;,,=",
                "a;b=\"",
                "a;b=\"c,d\"",
                "a b",
                "a,,b",
                ",a",
                "a;",
                "a;b=",
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=\"7\", a",
                "permessage-deflate; x=y",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; Server_Max_Window_Bits=15",
                "a, permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; client_max_window_bits=15; client_max_window_bits"
            })
    void t20_extensionsThatNotEveryServerCanReadUseUpNoTicket(String extensions) {
        assertUsesUpNoTicket(Map.of("Sec-WebSocket-Extensions", List.of(extensions)));
    }

    private void assertUsesUpNoTicket(Map<String, List<String>> fields) {
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(TicketBinding.none());

        assertRefused(gate, new Connecting("ticket=" + ticket.reveal(), fields), Refusal.UNSUITABLE);

        assertThat(asked).hasValue(0);
        assertThat(gate.admit(carrying(ticket))).isCompletedWithValueMatching(GateTest::isAlice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover, permessage-deflate",
                "bbf-usp-protocol;eid=\"os::012345-0123\"",
                "permessage-deflate;client_max_window_bits=15 ; server_max_window_bits = \"8\",x-a;b=\"c\" , d"
            })
    void extensionsAreForTheServerToTake(String extensions) {
        Gate gate = Gate.of(tickets);
        String query = "ticket=" + issue(TicketBinding.none()).reveal();

        assertThat(gate.admit(new Connecting(query, Map.of("Sec-WebSocket-Extensions", List.of("x", extensions)))))
                .isCompletedWithValueMatching(GateTest::isAlice);
    }

    @Test
    void t20_aPreflightUsesUpNoTicketWhateverElseIsWrongWithIt() {
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(TicketBinding.none());
        String query = "ticket=" + ticket.reveal();
        List<String> asksFor = List.of("GET");

        assertRefused(gate, Connecting.with(query, "Access-Control-Request-Method", "GET"), Refusal.WRONG_ORIGIN);
        assertRefused(
                gate,
                new Connecting(
                        query, Map.of("Access-Control-Request-Method", asksFor, "Upgrade", List.of("websocket"))),
                Refusal.WRONG_ORIGIN);

        assertThat(asked).hasValue(0);
        assertThat(gate.admit(carrying(ticket))).isCompletedWithValueMatching(GateTest::isAlice);
    }

    @ParameterizedTest
    @CsvSource({
        "Connection, ",
        "Connection, keep-alive",
        "Connection, Upgraded",
        "Upgrade, xwebsocket",
        "Upgrade, 'websocket, h2c'",
        "Upgrade, 'h2c, websocket'",
        "Content-Length, 1",
        "Content-Length, '0, 0'",
        "Transfer-Encoding, chunked"
    })
    void t20_aHandshakeThatIsNotToTheLetterUsesUpNoTicket(String name, @Nullable String value) {
        assertUsesUpNoTicket(handshake(name, value == null ? List.of() : List.of(value)));
    }

    @Test
    void t20_aHandshakeThatAsksForTwoProtocolsUsesUpNoTicket() {
        assertUsesUpNoTicket(handshake("Upgrade", List.of("websocket", "h2c")));
    }

    @Test
    void t20_aHandshakeThatAsksForItsProtocolTwiceUsesUpNoTicket() {
        assertUsesUpNoTicket(handshake("Upgrade", List.of("websocket", "websocket")));
    }

    @ParameterizedTest
    @CsvSource({
        "Connection, 'keep-alive, Upgrade'",
        "Connection, 'UPGRADE,keep-alive'",
        "Upgrade, WebSocket",
        "Content-Length, 0"
    })
    void aHandshakeIsTakenAsBrowsersAndProxiesSendIt(String name, String value) {
        assertOpens(handshake(name, List.of(value)));
    }

    @Test
    void aHandshakeMayHaveTwoLinesOfConnection() {
        assertOpens(handshake("Connection", List.of("keep-alive", "upgrade")));
    }

    @Test
    void aRequestThatAsksForNoWebSocketMayHaveABodyAndAnotherProtocol() {
        assertOpens(Map.of(
                "Upgrade", List.of("h2c"),
                "Connection", List.of("Upgrade, HTTP2-Settings"),
                "Transfer-Encoding", List.of("chunked")));
    }

    private void assertOpens(Map<String, List<String>> fields) {
        String query = "ticket=" + issue(TicketBinding.none()).reveal();

        assertThat(Gate.of(tickets).admit(new Connecting(query, fields)))
                .isCompletedWithValueMatching(GateTest::isAlice);
    }

    private static Map<String, List<String>> handshake(String name, List<String> values) {
        Map<String, List<String>> fields = new HashMap<>(Map.of(
                "Upgrade", List.of("websocket"),
                "Connection", List.of("Upgrade"),
                "Sec-WebSocket-Version", List.of("13"),
                "Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ==")));
        fields.put(name, values);
        return fields;
    }

    @Test
    void aTicketThatCameInAMessageIsRedeemedOnce() {
        Gate gate = Gate.builder(tickets).allowedOrigins(List.of(APP)).build();
        Ticket ticket = issue(new TicketBinding(null, APP));

        assertThat(gate.admit(ticket)).isCompletedWithValueMatching(GateTest::isAlice);
        assertThat(gate.admit(ticket)).isCompletedWithValue(new Admission.Refused(Refusal.NOTHING));
        assertThat(gate.admit(issue(new TicketBinding("news", null))))
                .isCompletedWithValue(new Admission.Refused(Refusal.WRONG_AUDIENCE));
    }

    @Test
    void anAdmissionNamesItsTicketByTheFingerprintAndWhatTheIssuerSaysOfItsHolder() {
        Ticket ticket = Ticket.random();
        var value = new TicketValue(
                ALICE, TicketBinding.none(), null, List.of("ROLE_A", "ROLE_B"), TicketLogin.none(), null, null);
        assertThat(store.put(ticket, value, Duration.ofSeconds(10))).isCompletedWithValue(true);

        Admission admission =
                Gate.of(store).admit(carrying(ticket)).toCompletableFuture().join();

        assertThat(admission).isInstanceOfSatisfying(Admission.Admitted.class, admitted -> {
            assertThat(admitted.fingerprint()).isEqualTo(ticket.fingerprint());
            assertThat(admitted.authorities()).containsExactly("ROLE_A", "ROLE_B");
            assertThat(admitted.toString()).doesNotContain(ticket.reveal());
        });
    }

    @Test
    void aSettingThatCannotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gate.builder(tickets).audience(""))
                .withMessageContaining("audience");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gate.builder(tickets).allowedOrigins(List.of(APP, "*")));
    }

    private Ticket issue(TicketBinding binding) {
        return tickets.issue(ALICE, binding).toCompletableFuture().join();
    }

    private static boolean isAlice(Admission admission) {
        return admission.fold(admitted -> admitted.holder().equals(ALICE), refused -> false);
    }

    private static void assertRefused(Gate gate, ConnectionRequest request, Refusal reason) {
        assertThat(gate.admit(request)).isCompletedWithValue(new Admission.Refused(reason));
    }

    private static ConnectionRequest carrying(Ticket ticket, String... origins) {
        return Connecting.with("ticket=" + ticket.reveal(), "Origin", origins);
    }

    private TicketStore counting(TicketStore store) {
        return new TicketStore() {
            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                return store.put(ticket, value, timeToLive);
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                asked.incrementAndGet();
                return store.take(ticket);
            }
        };
    }
}
