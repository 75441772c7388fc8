// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketListener;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

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
    public void on(TicketEvent event) {
        if (event instanceof TicketEvent.Redeemed redeemed && redeemed.age() != null) {
            ages.put(redeemed.ticket().fingerprint(), redeemed.age().toMillis());
        } else if (event instanceof TicketEvent.Refused refused && refused.ticket() != null) {
            refused(refused.ticket().fingerprint(), refused.reason());
        }
    }

    private void refused(String fingerprint, Refusal reason) {
        eventLoop.runOnContext(now -> {
            Member member = opened.get(fingerprint);
            if (member != null) {
                member.send(event("refused", fingerprint).put("reason", reason.name()));
            }
        });
    }

    /** A member has come in by the ticket with this fingerprint. */
    void opened(Member member, String fingerprint) {
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
