// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Gate;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;

/** The application's check, with a gate that a test gives it. */
@Alternative
@Singleton
public class ChosenGate implements HttpUpgradeCheck {

    /** Where there is a WebSocket for everybody. */
    static final String OPEN = "/open";

    /** With this header the check is asked twice. */
    static final String TWICE = "Twice";

    /** With this header the check is asked as after one that ends in a thread that is not of Quarkus. */
    static final String ELSEWHERE = "Elsewhere";

    /** With this header the check is asked though another has answered before it. */
    static final String ANSWERED = "Answered";

    private static final String PARAMETER = "gate=";
    private static final List<Gate> GATES = new CopyOnWriteArrayList<>();

    /** The address at which the application asks this gate. */
    static synchronized URI addressOf(Gate gate, URI chat) {
        GATES.add(gate);
        return URI.create("ws://127.0.0.1:" + chat.getPort() + chat.getPath() + "?" + PARAMETER + (GATES.size() - 1));
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
        if (upgrade.httpRequest().path().equals(OPEN)) {
            return CheckResult.permitUpgrade();
        }
        String query = Objects.requireNonNullElse(upgrade.httpRequest().query(), "");
        boolean chosen = query.startsWith(PARAMETER);
        String number = chosen ? query.substring(PARAMETER.length()).split("&", 2)[0] : "0";
        var check = new TicketUpgradeCheck(GATES.get(Integer.parseInt(number)));
        if (upgrade.httpRequest().headers().contains(ANSWERED)) {
            var unused = upgrade.httpRequest().response().setStatusCode(429).end();
        }
        if (upgrade.httpRequest().headers().contains(TWICE)) {
            return check.perform(upgrade).flatMap(permitted -> check.perform(upgrade));
        }
        return upgrade.httpRequest().headers().contains(ELSEWHERE)
                ? Uni.createFrom()
                        .voidItem()
                        .emitOn(ForkJoinPool.commonPool())
                        .flatMap(unused -> check.perform(upgrade))
                : check.perform(upgrade);
    }

    public static class Profile implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(ChosenGate.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.arc.exclude-types", TicketUpgradeCheck.class.getName());
        }
    }
}
