// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a stream that an application is writing to meanwhile. */
class EventStreamTest {

    private static final String EVENT = "data: " + "x".repeat(200) + "\n\n";

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final Set<AsyncContext> kept = ConcurrentHashMap.newKeySet();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    /** Streams on threads of their own, with small pauses. */
    private final class Busy extends Site {

        Busy() {
            super(gate, Issuer.of(tickets));
        }

        @Override
        void addMore(ServletContext context) {
            add(context, "/echo", new Answering((request, response) -> {
                byte[] echo = ("echo " + request.getParameter("n")).getBytes(StandardCharsets.US_ASCII);
                response.setContentLength(echo.length);
                response.getOutputStream().write(echo);
            }));
            add(
                    context,
                    "/realtime/bytes",
                    new Answering((request, response) -> later(request, EventStreamTest.this::bytes)));
            add(
                    context,
                    "/realtime/text",
                    new Answering((request, response) -> later(request, EventStreamTest.this::text)));
            add(context, "/realtime/anew", new Answering((request, response) -> {
                if (request.getDispatcherType() == DispatcherType.REQUEST) {
                    request.startAsync().dispatch();
                } else {
                    later(request, EventStreamTest.this::text);
                }
            }));
            add(context, "/realtime/wrapped", new Answering((request, response) -> {
                AsyncContext async = request.startAsync(request, response);
                async.setTimeout(0);
                assertThat(request.getAsyncContext()).isSameAs(async);
                begin(() -> bytes(request.getAsyncContext()));
            }));
            add(context, "/realtime/kept", new Answering((request, response) -> {
                AsyncContext async = request.startAsync();
                async.setTimeout(0);
                kept.add(async);
                async.addListener(new Forgetting());
                begin(() -> bytes(async));
            }));
            add(context, "/realtime/promised", new Answering((request, response) -> {
                response.setContentLength(10_000);
                JakartaConnectionContractTest.Streaming.beat(response.getOutputStream());
            }));
            add(context, "/realtime/listener", new Answering(EventStreamTest.this::listen));
            add(context, "/realtime/outside", new Answering((request, response) -> request.startAsync()
                    .dispatch("/on")));
            add(context, "/on", new Answering((request, response) -> request.startAsync()
                    .dispatch("/outside")));
            add(context, "/outside", new Answering((request, response) -> later(request, EventStreamTest.this::once)));
            add(
                    context,
                    "/realtime/nowhere",
                    new Answering((request, response) -> later(request, EventStreamTest.this::toNowhere)));
            TicketFilter.of(gate).withoutEndingAnswers().register(context, "/own");
            add(context, "/own", new Answering(EventStreamTest.this::endItself));
            add(context, "/realtime/forward", new Answering((request, response) -> request.getRequestDispatcher(
                            "/realtime/forwarded")
                    .forward(new Slow(request, () -> endMeanwhile(response)), response)));
            add(
                    context,
                    "/realtime/forwarded",
                    new Answering((request, response) -> later(request, AsyncContext::complete)));
        }
    }

    /** What an application has that sends to all who are there. */
    private final class Forgetting implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            kept.remove(event.getAsyncContext());
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    /** A request whose completion takes so long that something else happens before. */
    private static final class Slow extends HttpServletRequestWrapper {

        private final Runnable before;

        Slow(HttpServletRequest request, Runnable before) {
            super(request);
            this.before = before;
        }

        @Override
        public AsyncContext startAsync() {
            AsyncContext started = super.startAsync();
            return (AsyncContext) Proxy.newProxyInstance(
                    Slow.class.getClassLoader(), new Class<?>[] {AsyncContext.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("complete")) {
                            before.run();
                        }
                        return method.invoke(started, arguments);
                    });
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private interface Streaming {
        void to(AsyncContext async) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void anEndDisturbsNoOtherRequest(Container container) throws Exception {
        var over = new AtomicBoolean();
        try (var running = container.start(new Busy())) {
            var others = CompletableFuture.runAsync(() -> ask(running.port(), over));
            for (int round = 0; round < 10; round++) {
                List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    streams.add(open(running, i % 2 == 0 ? "bytes" : "text", "s" + round));
                }
                int streaming = 4 * (round + 1);
                eventually(() -> begun.get() == streaming);

                revoke("s" + round);

                for (CompletableFuture<HttpResponse<String>> stream : streams) {
                    String body = stream.get(30, TimeUnit.SECONDS).body();
                    assertThat(body).startsWith("data: x").doesNotContain("echo");
                }
                eventually(() -> told.get() == streaming);
            }
            over.set(true);
            others.get(30, TimeUnit.SECONDS);
        }
        assertThat(faults).isEmpty();
        eventually(() -> gate.connections().count() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsHoweverItWasBegun(Container container) throws Exception {
        try (var running = container.start(new Busy())) {
            for (String begun : List.of("bytes", "text", "anew", "wrapped", "listener")) {
                CompletableFuture<HttpResponse<String>> stream = open(running, begun, begun);
                eventually(() -> gate.connections().count() == 1);

                revoke(begun);

                assertThat(stream.get(30, TimeUnit.SECONDS).statusCode())
                        .as(begun)
                        .isEqualTo(200);
                eventually(() -> gate.connections().count() == 0);
            }
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anApplicationEndsItselfWhatTheFilterIsToldNotToEnd(Container container) throws Exception {
        try (var running = container.start(new Busy())) {
            CompletableFuture<HttpResponse<String>> stream = running.stranger().getLater("/own?ticket=" + issue("own"));
            eventually(() -> gate.connections().count() == 1);

            revoke("own");

            assertThat(stream.get(30, TimeUnit.SECONDS).body()).isEqualTo("bye 3000");
            eventually(() -> gate.connections().count() == 0);
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatAnApplicationKeepsItFindsAgainWhenItIsToldOfTheEnd(Container container) throws Exception {
        try (var running = container.start(new Busy())) {
            CompletableFuture<HttpResponse<String>> stream = open(running, "kept", "kept");
            eventually(() -> kept.size() == 1);

            revoke("kept");

            assertThat(stream.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            eventually(kept::isEmpty);
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void itEndsWhereverItWasDispatchedTo(Container container) throws Exception {
        // Jetty says nothing of a path that is none, and answers 404.
        List<String> paths = container == Container.JETTY ? List.of("outside") : List.of("outside", "nowhere");
        try (var running = container.start(new Busy())) {
            for (String path : paths) {
                int before = begun.get();
                CompletableFuture<HttpResponse<String>> stream = open(running, path, path);
                eventually(() -> begun.get() > before);

                revoke(path);

                assertThat(stream.get(30, TimeUnit.SECONDS).body()).as(path).isEqualTo(EVENT);
                eventually(() -> gate.connections().count() == 0);
            }
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsForwardedIsCompletedThoughTheLoginEndsMeanwhile(Container container) throws Exception {
        try (var running = container.start(new Busy())) {
            CompletableFuture<HttpResponse<String>> stream = open(running, "forward", "forward");

            assertThat(stream.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            eventually(() -> gate.connections().count() == 0);
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatWasPromisedMoreSeesThatItDoesNotCome(Container container) throws Exception {
        try (var running = container.start(new Busy())) {
            try (var client = new Wire(running.port())) {
                client.send(
                        "GET /realtime/promised?ticket=" + issue("promised") + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                eventually(() -> gate.connections().count() == 1);

                revoke("promised");

                assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith(":\n");
            }
            eventually(() -> gate.connections().count() == 0);
        }
    }

    private void endItself(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        Admission.Admitted admitted = TicketFilter.admitted(request);
        LiveConnection unused = admitted.opened((code, reason) -> {
            async.getResponse().getOutputStream().print("bye " + code);
            async.complete();
            admitted.connection().ifPresent(LiveConnection::ended);
        });
    }

    private void later(HttpServletRequest request, Streaming streaming) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        begin(() -> streaming.to(async));
    }

    private void begin(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        faults.add(e);
                    }
                },
                "event-stream");
        thread.setDaemon(true);
        thread.start();
    }

    private void bytes(AsyncContext async) throws IOException {
        try (OutputStream out = async.getResponse().getOutputStream()) {
            for (boolean first = true; true; first = false) {
                out.write(EVENT.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                begun.addAndGet(first ? 1 : 0);
                pause();
            }
        } catch (IOException e) {
            // As of a client that has gone.
            told.incrementAndGet();
        }
        async.complete();
        async.dispatch();
    }

    private void text(AsyncContext async) {
        try (PrintWriter out = async.getResponse().getWriter()) {
            for (boolean first = true; !out.checkError(); first = false) {
                out.print(EVENT);
                begun.addAndGet(first ? 1 : 0);
                pause();
            }
            told.incrementAndGet();
        } catch (IOException e) {
            // It was over before it began.
            told.incrementAndGet();
        }
        async.complete();
    }

    // Else what nobody reads grows, on a loaded machine, faster than an end comes.
    private static void pause() {
        LockSupport.parkNanos(200_000);
    }

    private void endMeanwhile(HttpServletResponse response) {
        revoke("forward");
        assertThatThrownBy(() -> JakartaConnectionContractTest.Streaming.beat(response.getOutputStream()))
                .isInstanceOf(IOException.class);
    }

    private void once(AsyncContext async) throws IOException {
        ServletOutputStream out = async.getResponse().getOutputStream();
        out.print(EVENT);
        out.flush();
        begun.incrementAndGet();
    }

    private void toNowhere(AsyncContext async) throws IOException {
        assertThatThrownBy(() -> async.dispatch("nowhere")).isInstanceOf(IllegalArgumentException.class);
        once(async);
    }

    private void listen(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        ServletOutputStream out = response.getOutputStream();
        out.setWriteListener(new WriteListener() {

            private boolean said;

            @Override
            public void onWritePossible() throws IOException {
                while (!said && out.isReady()) {
                    said = true;
                    out.print(EVENT);
                }
            }

            @Override
            public void onError(Throwable e) {
                faults.add(e);
            }
        });
    }

    /** Another client's requests on one connection, as long as the streams are there. */
    private void ask(int port, AtomicBoolean over) {
        while (!over.get()) {
            try (var client = new Wire(port)) {
                // Tomcat ends a connection with its hundredth.
                for (int n = 0; n < 100 && !over.get(); n++) {
                    client.send("GET /echo?n=" + n + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Wire.Answer answer = client.answer();
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body()).isEqualTo("echo " + n);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private CompletableFuture<HttpResponse<String>> open(Container.Running running, String path, String session) {
        return new WebUser("http://127.0.0.1:" + running.port())
                .getLater("/realtime/" + path + "?ticket=" + issue(session));
    }

    private String issue(String session) {
        return tickets.issue(TicketGrant.to(TicketHolder.of(1, "alice")).withSession(session), null)
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private void revoke(String session) {
        assertThat(revocations.revoke(Revocation.session(session))).isCompleted();
    }
}
