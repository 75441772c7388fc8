// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.examples.chat.realtime.RealtimeServer;
import io.github.realtimeticket.examples.chat.web.ChatApplication;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The running demonstration: the web application, the realtime backend, or both. {@code ./demo} in the root is how users start
 * it.
 */
public final class Demo implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Demo() {}

    /** Starts what the arguments say; it runs until the process is ended. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        try {
            Demo demo = start(DemoOptions.parse(arguments));
            Runtime.getRuntime().addShutdownHook(new Thread(demo::close));
        } catch (Exception e) {
            System.err.println("demo: " + explanation(e));
            System.exit(1);
        }
    }

    /** Starts what the options say. If one part does not start, none stays. */
    static Demo start(DemoOptions options) throws Exception {
        var demo = new Demo();
        try {
            switch (options.part()) {
                case WEB -> demo.web(options);
                case REALTIME -> {
                    RedisTicketStore store = demo.redis(options);
                    demo.realtime(options, store, store.revocations());
                }
                case BOTH -> {
                    var web = demo.web(options);
                    demo.realtime(options, web.getBean(TicketStore.class), web.getBean(Revocations.class));
                }
            }
            return demo;
        } catch (Exception e) {
            demo.close();
            throw e;
        }
    }

    @CanIgnoreReturnValue
    private ConfigurableApplicationContext web(DemoOptions options) {
        List<String> settings = new ArrayList<>();
        settings.add("--server.port=" + options.port());
        settings.add("--chat.realtime-url=" + options.realtimeUrl());
        settings.add("--realtime-ticket.origin=" + options.origin());
        if (options.redis() != null) {
            settings.add("--realtime-ticket.store=redis");
            settings.add("--realtime-ticket.redis.url=" + options.redis());
            settings.add("--realtime-ticket.revocations.enabled=true");
        }
        var context = new SpringApplicationBuilder(ChatApplication.class)
                .registerShutdownHook(false)
                .run(settings.toArray(String[]::new));
        parts.push(context);
        return context;
    }

    private RedisTicketStore redis(DemoOptions options) {
        var store = RedisTicketStore.connect(RedisURI.create(Objects.requireNonNull(options.redis())));
        parts.push(store);
        return store;
    }

    private void realtime(DemoOptions options, TicketStore store, Revocations revocations) throws Exception {
        parts.push(RealtimeServer.start(
                store, revocations, options.realtimePort(), options.origin(), options.loopbackOrigin()));
    }

    /** Ends what was started, the last first. */
    @Override
    @SuppressWarnings("SystemOut")
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.err.println("demo: could not end one part: " + e);
            }
        }
    }

    private static String explanation(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException inUse) {
                return "port " + inUse.getPort() + " is in use; choose another with --port";
            }
            if (cause instanceof BindException) {
                return "the realtime port is in use; choose another with --realtime-port";
            }
        }
        return fault.toString();
    }
}
