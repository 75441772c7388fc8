// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.jakarta.TicketFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** An asynchronous servlet in Tomcat, behind the filter of Jakarta. */
final class JakartaEventStream extends EventStream {

    private final Tomcat tomcat = new Tomcat();

    JakartaEventStream(TicketStore store, String origin) throws Exception {
        super(store, origin);
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir") + "/tomcat");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", null);
        Wrapper servlet = Tomcat.addServlet(context, "feed", new Feed());
        servlet.setAsyncSupported(true);
        context.addServletMappingDecoded("/feed/*", "feed");
        context.addServletContainerInitializer(
                (classes, started) -> TicketFilter.of(gate()).register(started, "/feed/*"), null);
        tomcat.start();
    }

    private final class Feed extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                throw new IllegalStateException("as the test wants it");
            }
            Admitted admitted = admit(request.getQueryString(), request.getRemoteUser());
            AsyncContext async = request.startAsync();
            response.setContentType("text/event-stream;charset=UTF-8");
            response.setHeader("Access-Control-Allow-Origin", origin());
            response.getWriter().write(admitted.event());
            response.flushBuffer();
            switch (admitted.end()) {
                case COMPLETED -> async.complete();
                case FAILED -> soon(() -> async.dispatch("/feed/fails"));
                case TIMED_OUT -> async.setTimeout(SOON);
            }
        }
    }

    @Override
    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }
}
