// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import java.io.IOException;
import java.net.Socket;

/** A seam for each mistake that a server can make. */
interface ServerHabits {

    default Admission decide(Gate gate, BareServer.Request request) {
        return gate.admit(request).toCompletableFuture().join();
    }

    default String admitted(Admission.Admitted admitted, BareServer.Request request) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                + (admitted.subprotocols().contains("chat") ? "Sec-WebSocket-Protocol: chat\r\n" : "")
                + "\r\n";
    }

    default String refused(Admission.Refused refused) {
        return BareServer.answer(refused.reason().status(), refused.reason().body());
    }

    /** What becomes of an open connection: this server has nothing more to say. */
    default void goOn(Admission.Admitted admitted, Socket socket) throws IOException {}
}
