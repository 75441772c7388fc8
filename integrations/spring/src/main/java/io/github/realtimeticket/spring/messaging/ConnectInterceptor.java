// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
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
import org.springframework.messaging.simp.broker.OrderedMessageChannelDecorator;
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
    public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
        SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
        StompOpening opening = StompOpening.of(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
        boolean ofSpring = type == SimpMessageType.DISCONNECT && opening != null && opening.isClosed();
        if (opening != null && opening.isOver() && !ofSpring) {
            // Such as what comes in one message behind a CONNECT that was refused: Spring would log each exception.
            return null;
        }
        Refusal refusal = null;
        if (type == SimpMessageType.CONNECT) {
            refusal = connect(message, opening);
        } else if (type == SimpMessageType.DISCONNECT) {
            // Spring sends one for every session that ends, too. It opens nothing.
            if (opening != null) {
                opening.leave();
            }
        } else if (opening == null || !opening.isOf(SimpMessageHeaderAccessor.getUser(message.getHeaders()))) {
            // Spring may have read the user before CONNECT set it: a fallback of SockJS sends many requests at once.
            refusal = Refusal.MISSING;
        }
        return refusal == null ? message : refused(refusal, message, opening);
    }

    private @Nullable Refusal connect(Message<?> message, @Nullable StompOpening opening) {
        StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
        if (frame == null) {
            return Refusal.UNSUITABLE;
        }
        boolean isFirst = opening != null && opening.ask();
        List<String> origins = opening == null ? List.of() : opening.origins();
        Admission admission = admit(ConnectFrame.takenFrom(frame, origins, isFirst));
        if (admission instanceof Admission.Refused refused) {
            return refused.reason();
        }
        Admitted admitted = (Admitted) admission;
        Principal user = user(admitted);
        if (user == null) {
            return gate.get().refuse(Refusal.FAILED).reason();
        }
        // It may have ended while the store was asked.
        if (opening == null || !opening.admit(admitted, user)) {
            return Refusal.UNSUITABLE;
        }
        frame.setUser(user);
        return null;
    }

    private Admission admit(ConnectionRequest frame) {
        try {
            return gate.get().admit(frame).toCompletableFuture().join();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "There is no gate to ask", e);
            return new Admission.Refused(Refusal.FAILED);
        }
    }

    private @Nullable Principal user(Admitted admitted) {
        try {
            return users.apply(admitted);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "No user could be made of " + admitted, e);
            return null;
        }
    }

    private static @Nullable Message<?> refused(Refusal reason, Message<?> message, @Nullable StompOpening opening) {
        if (opening != null) {
            opening.refused();
        }
        if (opening == null || OrderedMessageChannelDecorator.getNextMessageTask(message) == null) {
            // Spring answers with an ERROR frame and closes the session. It would log the frame if it had it.
            throw new MessagingException(reason.message());
        }
        // With setPreserveReceiveOrder it would do neither.
        opening.refuse(reason);
        return null;
    }
}
