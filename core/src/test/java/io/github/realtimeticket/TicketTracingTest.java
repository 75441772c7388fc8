// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTracingTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private final TicketStore store = TicketStore.inMemory();
    private final List<String> ended = new ArrayList<>();
    private @Nullable String current = TRACE;
    private final Tickets tickets = Tickets.builder(store)
            .tracing(new TicketTracing() {
                @Override
                public @Nullable String current() {
                    return current;
                }

                @Override
                public Redemption redemption() {
                    return (trace, refusal) -> ended.add(trace + " " + refusal);
                }
            })
            .build();

    @Test
    void theTraceOfTheIssueEndsUpAtTheRedemption() {
        Ticket ticket = issue(tickets);

        assertThat(admits(tickets, ticket)).isTrue();
        assertThat(admits(tickets, ticket)).isFalse();

        assertThat(ended).containsExactly(TRACE + " null", "null NOTHING");
    }

    @Test
    void aTicketThatIsRefusedIsTracedToo() {
        Ticket ticket = tickets.issue(ALICE, TicketBinding.none().withAudience("other"))
                .toCompletableFuture()
                .join();

        assertThat(admits(tickets, ticket)).isFalse();

        assertThat(ended).containsExactly(TRACE + " WRONG_AUDIENCE");
    }

    @Test
    void aRenewalThatTheApplicationDoesNotAllowIsTracedAsRefused() {
        LiveConnection connection = Gate.of(tickets)
                .admit(issue(tickets))
                .toCompletableFuture()
                .join()
                .fold(admitted -> admitted.opened((code, reason) -> {}), refused -> {
                    throw new AssertionError(refused);
                });

        var unused = connection.renew(issue(tickets).reveal(), renewed -> false);

        assertThat(ended).containsExactly(TRACE + " null", TRACE + " FORBIDDEN");
    }

    @Test
    void withoutATraceNothingIsWritten() {
        current = null;

        assertThat(valueOf(issue(tickets)).trace()).isNull();
        assertThat(valueOf(issue(Tickets.of(store))).trace()).isNull();
    }

    @Test
    void aTracingThatFailsCostsNobodyATicket() {
        Tickets failing = Tickets.builder(store)
                .tracing(new TicketTracing() {
                    @Override
                    public String current() {
                        throw new IllegalStateException("no trace");
                    }

                    @Override
                    public Redemption redemption() {
                        throw new IllegalStateException("no redemption");
                    }
                })
                .build();
        Tickets failingAtTheEnd = Tickets.builder(store)
                .tracing(new TicketTracing() {
                    @Override
                    public String current() {
                        return TRACE;
                    }

                    @Override
                    public Redemption redemption() {
                        return (trace, refusal) -> {
                            throw new IllegalStateException("no end");
                        };
                    }
                })
                .build();

        assertThat(admits(failing, issue(failing))).isTrue();
        assertThat(admits(failingAtTheEnd, issue(failingAtTheEnd))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"",
                "\"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\"",
                "\"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01\"",
                "\"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"",
                "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x\"",
                "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\\n\"",
                "1",
                "null",
                "{}",
                "[\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"]"
            })
    void whatIsNoTraceIsPassedOver(String trace) {
        byte[] json = ("{\"id\":1,\"username\":\"alice\",\"rt\":{\"audience\":\"chat\",\"trace\":" + trace + "}}")
                .getBytes(UTF_8);

        assertThat(TicketValueCodec.decode(json))
                .contains(new TicketValue(ALICE, TicketBinding.none().withAudience("chat"), null));
    }

    @Test
    void itIsKeptAsJson() {
        TicketValue value = valueOf(issue(tickets));

        assertThat(new String(TicketValueCodec.encode(value), UTF_8)).endsWith(",\"trace\":\"" + TRACE + "\"}}");
        assertThat(TicketValueCodec.decode(TicketValueCodec.encode(value))).contains(value);
        assertThat(value.withHistory("h").trace()).isEqualTo(TRACE);
    }

    private static Ticket issue(Tickets tickets) {
        return tickets.issue(ALICE).toCompletableFuture().join();
    }

    private static boolean admits(Tickets tickets, Ticket ticket) {
        return Gate.of(tickets).admit(ticket).toCompletableFuture().join() instanceof Admission.Admitted;
    }

    private TicketValue valueOf(Ticket ticket) {
        return store.take(ticket).toCompletableFuture().join().orElseThrow();
    }
}
