// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.BareServer.answer;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.testkit.BareServer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Servers as people write them by hand, each with one well-known mistake, and the contract run on each. */
final class BrokenServers {

    private BrokenServers() {}

    /** Remembers whom a query let in, and lets it in again. */
    static final class RemembersTickets extends BrokenServer {
        private final Map<String, Admission> remembered = new ConcurrentHashMap<>();

        @Override
        public Admission decide(Gate gate, Request request) {
            return remembered.computeIfAbsent(request.query() + "", query -> super.decide(gate, request));
        }
    }

    /** Echoes whatever subprotocol stands first. */
    static final class EchoesTheTicket extends BrokenServer {
        @Override
        public String admitted(Admission.Admitted admitted, Request request) {
            List<String> offered = request.headers("Sec-WebSocket-Protocol");
            return super.admitted(admitted, request)
                    .replace("Protocol: chat", "Protocol: " + String.join(",", offered));
        }
    }

    /** Tells an attacker why. */
    static final class TellsWhy extends BrokenServer {
        @Override
        public String refused(Admission.Refused refused) {
            return answer(refused.reason().status(), refused.reason().name());
        }
    }

    /** Answers every refusal with 200 and an error in the body. */
    static final class SaysOk extends BrokenServer {
        @Override
        public String refused(Admission.Refused refused) {
            return answer(200, refused.reason().body());
        }
    }

    /** Takes a store that is down for a ticket that is not there. */
    static final class TakesFaultsForNothing extends BrokenServer {
        @Override
        public String refused(Admission.Refused refused) {
            return refused.reason().status() == 503
                    ? answer(401, "{\"status\":\"error\",\"message\":\"unauthorized\"}")
                    : super.refused(refused);
        }
    }

    /** Reads headers as the client spelt them, so that it overlooks {@code origin}. */
    static final class OverlooksHeaders extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            List<String[]> known = request.fields().stream()
                    .filter(field -> !field[0].equals("origin"))
                    .toList();
            return super.decide(gate, new Request(request.method(), request.query(), known));
        }
    }

    /** Hands the gate the first parameter of a name only. */
    static final class KeepsTheFirstParameter extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            String first = Optional.ofNullable(request.query())
                    .map(query -> query.replaceFirst("(&|^)ticket=([^&]*)&.*", "$1ticket=$2"))
                    .orElse(null);
            return super.decide(gate, new Request(request.method(), first, request.fields()));
        }
    }

    /** Does not look at the method. */
    static final class AdmitsPreflights extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            return super.decide(gate, isPreflight(request) ? asHandshake(request) : request);
        }
    }

    /** Refuses a preflight, but only once the ticket is gone. */
    static final class BurnsOnPreflights extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            Admission admission = super.decide(gate, isPreflight(request) ? asHandshake(request) : request);
            return isPreflight(request) ? new Admission.Refused(Refusal.WRONG_ORIGIN) : admission;
        }
    }

    /** Takes any method for a handshake. */
    static final class AnswersAnyMethod extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            boolean get = isPreflight(request) || request.method().equals("GET");
            return super.decide(gate, get ? request : new Request("GET", request.query(), request.fields()));
        }
    }

    /** Takes a handshake with a body for one without. */
    static final class TakesBodies extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            List<String[]> bare = request.fields().stream()
                    .filter(field -> !field[0].equals("Content-Length") && !field[0].equals("Transfer-Encoding"))
                    .toList();
            return super.decide(gate, new Request(request.method(), request.query(), bare));
        }
    }

    /** Refuses what is no handshake, but only once the ticket is gone. */
    static final class BurnsOnWhatIsNoHandshake extends BrokenServer {
        @Override
        public Admission decide(Gate gate, Request request) {
            if (request.refusal() == null || isPreflight(request)) {
                return super.decide(gate, request);
            }
            Admission unused = super.decide(gate, asHandshake(request));
            return new Admission.Refused(Refusal.UNSUITABLE);
        }
    }

    /** Takes what comes behind a handshake for another one. */
    static final class ReadsOn extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws IOException {
            return new BareServer(gate) {
                @Override
                public void goOn(Admission.Admitted admitted, Socket socket) {
                    serve(gate, socket);
                }
            };
        }
    }

    /** Takes what comes behind a handshake for another one, and goes without a word. */
    static final class GoesWithoutAWord extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws IOException {
            return new BareServer(gate) {
                @Override
                Request read(InputStream in) throws IOException {
                    Request first = super.read(in);
                    // More than a frame.
                    if (in.available() > 100) {
                        Admission one = decide(gate, first);
                        Admission other = decide(gate, super.read(in));
                        throw new IOException(one + ", " + other);
                    }
                    return first;
                }
            };
        }
    }

    /** Logs a refusal as a fault of its own. */
    static final class LogsStackTraces extends BrokenServer {
        @Override
        public String refused(Admission.Refused refused) {
            System.getLogger("refusals")
                    .log(System.Logger.Level.WARNING, "Refused", new IllegalStateException(refused + ""));
            return super.refused(refused);
        }
    }

    private static boolean isPreflight(Request request) {
        return request.method().equals("OPTIONS")
                && !request.headers("Access-Control-Request-Method").isEmpty();
    }

    private static Request asHandshake(Request request) {
        List<String[]> fields =
                Opening.HANDSHAKE.stream().map(line -> line.split(": ", 2)).toList();
        return new Request("GET", request.query(), fields);
    }
}
