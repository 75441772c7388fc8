// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Admission.Refused;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The contract passes a server whose connections end with the login, and finds the mistake in each other one. */
class ConnectionContractTest {

    @Test
    void aSoundServerPasses() {
        assertThat(Failures.of(Sound.class)).isEmpty();
    }

    @Test
    void aServerThatNeverHearsOfAConnectionsEndFails() {
        assertThat(Failures.of(NeverTells.class)).contains("t16_whoeverLeavesOrVanishesIsForgotten");
    }

    @Test
    void aServerThatClosesWithACodeOfItsOwnFails() {
        assertThat(Failures.of(ClosesWithItsOwnCode.class))
                .contains(
                        "t16_aConnectionIsClosedWhenItsSessionIsRevoked",
                        "t16_aConnectionIsClosedForGoodWhenItsHolderIsLocked",
                        "t17_aConnectionIsClosedAtItsDeadline")
                .doesNotContain("t16_whoeverLeavesOrVanishesIsForgotten");
    }

    @Test
    void aServerThatDoesNotCloseFails() {
        assertThat(Failures.of(ClosesNothing.class)).contains("t16_aConnectionIsClosedWhenItsSessionIsRevoked");
    }

    @Test
    void aServerThatIgnoresDeadlinesFails() {
        assertThat(Failures.of(IgnoresDeadlines.class)).containsExactly("t17_aConnectionIsClosedAtItsDeadline");
    }

    @Test
    void aServerThatAdmitsRevokedTicketsFails() {
        assertThat(Failures.of(AdmitsRevokedTickets.class)).containsExactly("t16_nobodyIsLetInWithARevokedTicket");
    }

    @Test
    void aServerThatSendsBehindItsCloseFails() {
        assertThat(Failures.of(SendsBehindItsClose.class))
                .contains("t16_nothingFollowsTheCloseCodeWhateverTheApplicationSends");
    }

    @Test
    void aServerThatHearsBehindItsCloseFails() {
        assertThat(Failures.of(HearsBehindItsClose.class)).containsExactly("t16_whoeverIsToldToGoIsHeardNoMore");
    }

    @Test
    void aServerOfWebSocketsDoesNotPassAsOneOfStreams() {
        assertThat(Failures.of(AsOfStreams.class)).contains("t16_anOpenConnectionIsKnown");
    }

    abstract static class Contract extends WebSocketConnectionContract {

        private LastingServer server;

        abstract LastingServer server(Gate gate) throws IOException;

        @Override
        protected RunningServer serve(Gate gate) throws IOException {
            server = server(gate);
            return server;
        }

        @Override
        protected void broadcast(String text) {
            server.broadcast(text);
        }

        @Override
        protected long heard() {
            return server.heard.get();
        }
    }

    /** The contract with little patience, since these are to fail by waiting. */
    abstract static class Impatient extends Contract {
        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }
    }

    static final class Sound extends Contract {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate);
        }
    }

    static final class NeverTells extends Impatient {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                void ended(LiveConnection connection) {}
            };
        }
    }

    static final class ClosesWithItsOwnCode extends Contract {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                LiveConnection opened(Admitted admitted, Socket socket) {
                    return admitted.opened((code, reason) -> close(socket, 1001));
                }
            };
        }
    }

    static final class ClosesNothing extends Impatient {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                LiveConnection opened(Admitted admitted, Socket socket) {
                    return admitted.opened((code, reason) -> {});
                }
            };
        }
    }

    static final class IgnoresDeadlines extends Contract {

        private boolean toFail;

        @BeforeEach
        void begin(TestInfo test) {
            toFail = test.getTestMethod().orElseThrow().getName().startsWith("t17_");
        }

        // For longer than the deadline takes to come.
        @Override
        protected Duration patience() {
            return toFail ? Duration.ofSeconds(3) : super.patience();
        }

        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                LiveConnection opened(Admitted admitted, Socket socket) {
                    return admitted.until().isEmpty()
                            ? super.opened(admitted, socket)
                            : admitted.opened((code, reason) -> {});
                }
            };
        }
    }

    static final class AdmitsRevokedTickets extends Contract {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                public String refused(Refused refused) {
                    return refused.reason() == Refusal.REVOKED
                            ? "HTTP/1.1 101 Switching Protocols\r\n\r\n"
                            : super.refused(refused);
                }
            };
        }
    }

    static final class SendsBehindItsClose extends Contract {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                void fallSilent(Socket socket) {}
            };
        }
    }

    static final class AsOfStreams extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) throws IOException {
            return new LastingServer(gate);
        }
    }

    static final class HearsBehindItsClose extends Contract {
        @Override
        LastingServer server(Gate gate) throws IOException {
            return new LastingServer(gate) {
                @Override
                boolean hears(Socket socket) {
                    return true;
                }
            };
        }
    }
}
