// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells each member what happens to the ticket that opened its connection: for the demonstration's eyes, no part of a usual
 * backend.
 *
 * <p>A store may call the listener on any thread; members are told on the event loop.
 */
final class TicketLife implements TicketListener {

    private static final int MOST_ABOUT_TO_OPEN = 1000;

    private final Context eventLoop;
    private final Map<String, Member> opened = new HashMap<>();

    /** Ages by fingerprint, from redemption to the open connection; bounded, as some clients leave in between. */
    private final Map<String, Long> ages = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_ABOUT_TO_OPEN;
        }
    });

    TicketLife(Context eventLoop) {
        this.eventLoop = eventLoop;
    }

    @Override
    public void redeemed(Ticket ticket, TicketHolder holder, @Nullable Duration age, Duration took) {
        if (age != null) {
            ages.put(ticket.fingerprint(), age.toMillis());
        }
    }

    @Override
    public void refused(Refusal reason, @Nullable Ticket ticket) {
        if (ticket != null) {
            String fingerprint = ticket.fingerprint();
            eventLoop.runOnContext(now -> {
                Member member = opened.get(fingerprint);
                if (member != null) {
                    member.send(event("refused", fingerprint).put("reason", reason.name()));
                }
            });
        }
    }

    /** A member has come in by a connection request with this query part. */
    void opened(Member member, String query) {
        String text = new QueryStringDecoder(query, false)
                .parameters()
                .getOrDefault("ticket", List.of(""))
                .get(0);
        String fingerprint = Ticket.parse(text).orElseThrow().fingerprint();
        opened.put(fingerprint, member);
        member.send(event("redeemed", fingerprint).put("ageMillis", ages.remove(fingerprint)));
    }

    /** A member has left. */
    void closed(Member member) {
        opened.values().remove(member);
    }

    private static JsonObject event(String what, String fingerprint) {
        return new JsonObject().put("type", "ticket").put("event", what).put("fingerprint", fingerprint);
    }
}
