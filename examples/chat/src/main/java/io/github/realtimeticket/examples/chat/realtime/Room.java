// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.TicketHolder;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who is present, and what they say. Used on one event loop only. */
final class Room {

    static final int LONGEST_TEXT = 1000;

    // RFC 6455 section 7.4.1.
    private static final short CANNOT_ACCEPT = 1003;
    private static final short POLICY = 1008;
    private static final short TOO_BIG = 1009;

    // The registry of close codes: the client is to come back.
    private static final short RESTART = 1012;

    private final Set<Member> members = new LinkedHashSet<>();
    private final TicketLife life;

    Room(TicketLife life) {
        this.life = life;
    }

    /** Takes in the holder of the ticket that opened this socket. */
    void enter(Admitted admitted, ServerWebSocket socket) {
        TicketHolder holder = admitted.holder();
        var member = new Member(holder, socket);
        socket.textMessageHandler(text -> received(text, member, socket));
        socket.binaryMessageHandler(bytes -> socket.close(CANNOT_ACCEPT));
        socket.exceptionHandler(fault -> socket.close(TOO_BIG));
        socket.closeHandler(closed -> leave(member));

        members.add(member);
        member.send(
                new JsonObject().put("type", "welcome").put("id", holder.id()).put("username", holder.username()));
        life.opened(member, admitted.fingerprint());
        tellWhoIsPresent();
    }

    void pingAll() {
        List.copyOf(members).forEach(Member::ping);
    }

    private void leave(Member member) {
        members.remove(member);
        life.closed(member);
        tellWhoIsPresent();
    }

    private void received(String frame, Member member, ServerWebSocket socket) {
        Optional<JsonObject> message = message(frame);
        if (message.filter(asked -> "drop".equals(asked.getValue("type"))).isPresent()) {
            socket.close(RESTART);
            return;
        }
        Optional<String> text = message.flatMap(Room::text);
        if (text.isEmpty()) {
            socket.close(CANNOT_ACCEPT);
        } else if (text.get().length() > LONGEST_TEXT) {
            socket.close(POLICY);
        } else if (!text.get().isBlank()) {
            tellAll(new JsonObject()
                    .put("type", "message")
                    .put("username", member.holder().username())
                    .put("text", text.get()));
        }
    }

    private static Optional<JsonObject> message(String frame) {
        try {
            return Optional.of(new JsonObject(frame));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** What the message says, if it is {@code {"type":"message","text":"…"}}. */
    private static Optional<String> text(JsonObject message) {
        return "message".equals(message.getValue("type")) && message.getValue("text") instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    private void tellWhoIsPresent() {
        var users = new JsonArray();
        members.stream()
                .map(member -> member.holder().username())
                .distinct()
                .sorted()
                .forEach(users::add);
        tellAll(new JsonObject().put("type", "presence").put("users", users));
    }

    private void tellAll(JsonObject message) {
        // A copy, because a member that can't be sent to may leave at once.
        List.copyOf(members).forEach(member -> member.send(message));
    }
}
