// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import java.security.Principal;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/** Asks the gate when a {@code CONNECT} comes, and takes no other frame before. */
final class ConnectInterceptor implements ChannelInterceptor {

    private static final System.Logger LOG = System.getLogger(ConnectInterceptor.class.getName());

    private final Supplier<Gate> gate;
    private final Function<? super Admitted, ? extends Principal> users;

    ConnectInterceptor(Supplier<Gate> gate, Function<? super Admitted, ? extends Principal> users) {
        this.gate = gate;
        this.users = users;
    }

    @Override
    public Message<?> preSend(Message<?> message, MessageChannel channel) {
        SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
        StompOpening opening = StompOpening.of(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
        if (type == SimpMessageType.CONNECT) {
            connect(message, opening);
        } else if (type == SimpMessageType.DISCONNECT) {
            // Spring sends one for every session that ends. It opens nothing.
            if (opening != null) {
                opening.end();
            }
        } else if (opening == null || !opening.isAdmitted()) {
            throw refused(Refusal.MISSING);
        }
        return message;
    }

    private void connect(Message<?> message, @Nullable StompOpening opening) {
        StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
        if (frame == null) {
            throw refused(Refusal.UNSUITABLE);
        }
        boolean isFirst = opening != null && opening.ask();
        List<String> origins = opening == null ? List.of() : opening.origins();
        Admission admission = gate.get()
                .admit(ConnectFrame.takenFrom(frame, origins, isFirst))
                .toCompletableFuture()
                .join();
        if (admission instanceof Admission.Refused refused) {
            throw refused(refused.reason());
        }
        Principal user = user((Admitted) admission);
        // It may have ended while the store was asked.
        if (opening == null || !opening.admit()) {
            throw refused(Refusal.UNSUITABLE);
        }
        frame.setUser(user);
    }

    private Principal user(Admitted admitted) {
        try {
            return users.apply(admitted);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "No user could be made of " + admitted, e);
            throw refused(Refusal.FAILED);
        }
    }

    // Without the frame, which Spring would put into its log.
    private static MessagingException refused(Refusal reason) {
        return new MessagingException(reason.message());
    }
}
