// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.examples.chat.realtime.RealtimeServer;
import io.github.realtimeticket.examples.chat.web.ChatApplication;
import io.github.realtimeticket.fixtures.FreePorts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The web application, and a realtime backend that can be stopped and started again while the tickets stay. */
final class ChatSite implements AutoCloseable {

    private final DemoOptions options;
    private final ConfigurableApplicationContext web;
    private RealtimeServer realtime;

    private ChatSite(DemoOptions options, ConfigurableApplicationContext web, RealtimeServer realtime) {
        this.options = options;
        this.web = web;
        this.realtime = realtime;
    }

    static ChatSite start(String... settings) throws IOException {
        return start(ChatApplication.class, settings);
    }

    /** With this for the web application. */
    static ChatSite start(Class<?> main, String... settings) throws IOException {
        int[] ports = FreePorts.two();
        var options = new DemoOptions(DemoOptions.Part.BOTH, ports[0], ports[1], null);
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--server.port=" + options.port());
        all.add("--chat.realtime-url=" + options.realtimeUrl());
        var web = new SpringApplicationBuilder(main).registerShutdownHook(false).run(all.toArray(String[]::new));
        return new ChatSite(options, web, realtime(options, web));
    }

    private static RealtimeServer realtime(DemoOptions options, ConfigurableApplicationContext web) throws IOException {
        return RealtimeServer.start(
                web.getBean(TicketStore.class),
                web.getBean(Revocations.class),
                options.realtimePort(),
                options.origin());
    }

    String origin() {
        return options.origin();
    }

    String realtimeUrl() {
        return options.realtimeUrl();
    }

    TicketStore store() {
        return web.getBean(TicketStore.class);
    }

    /** Does this while the realtime backend is stopped. */
    void whileStopped(Runnable work) throws IOException {
        realtime.close();
        try {
            work.run();
        } finally {
            realtime = realtime(options, web);
        }
    }

    @Override
    public void close() {
        realtime.close();
        web.close();
    }
}
