// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import jakarta.servlet.ServletContext;
import java.net.HttpCookie;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages that carry their first ticket. */
class PageTicketFilterTest {

    private final RemoteStore store = new RemoteStore();
    private final Queue<TicketEvent> events = new ConcurrentLinkedQueue<>();
    private final Tickets tickets = Tickets.builder(store).listener(events::add).build();
    private final Site site = new Site(Gate.of(tickets), Issuer.of(tickets)) {
        @Override
        void addMore(ServletContext context) {
            Answer one = (request, response) -> {
                var ticket = (PageTicket) request.getAttribute("realtime_ticket");
                write(response, "[" + ticket.getText() + "]");
                assertThat(ticket.toString()).doesNotContain(ticket.getText().isEmpty() ? "?" : ticket.getText());
            };
            add(context, "/pages/one", new Answering(one));
            logInEverybody(context, "/pages/principal");
            add(context, "/pages/principal", new Answering(one));
            add(
                    context,
                    "/pages/none",
                    new Answering((request, response) ->
                            write(response, "[" + request.getAttribute("realtime_ticket") + "]")));
            add(context, "/pages/late", new Answering((request, response) -> {
                response.flushBuffer();
                write(response, "[" + ((PageTicket) request.getAttribute("realtime_ticket")).getText() + "]");
            }));
        }
    };

    @ParameterizedTest
    @EnumSource
    void aPageThatPrintsItCarriesATicketForItsUser(Container container) throws Exception {
        try (var running = container.start(site)) {
            WebUser alice = running.login("alice");

            HttpResponse<String> page = alice.get("/pages/one");
            String second = alice.get("/pages/one").body();

            String text = page.body().substring(1, page.body().length() - 1);
            assertThat(second).isNotEqualTo(page.body());
            assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
            TicketHolder holder = Gate.of(tickets)
                    .admit(Ticket.parse(text).orElseThrow())
                    .toCompletableFuture()
                    .join()
                    .fold(admitted -> admitted.holder(), refused -> TicketHolder.of("nobody", "nobody"));
            assertThat(holder).isEqualTo(TicketHolder.of("alice", "alice"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatPrintsNoneOrIsNotShownIssuesNone(Container container) throws Exception {
        try (var running = container.start(site)) {
            WebUser alice = running.login("alice");

            HttpResponse<String> none = alice.get("/pages/none");
            HttpResponse<String> prefetched = alice.get("/pages/one", "Sec-Purpose", "prefetch");
            HttpResponse<String> framed = alice.get("/pages/one", "Sec-Fetch-Site", "cross-site");
            HttpResponse<String> late = alice.get("/pages/late");
            HttpResponse<String> head = alice.send(alice.request("/pages/one").method("HEAD", BodyPublishers.noBody()));

            assertThat(none.body()).isEqualTo("[]");
            assertThat(none.headers().firstValue("Cache-Control")).isEmpty();
            assertThat(prefetched.body()).isEqualTo("[]");
            assertThat(framed.body()).isEqualTo("[]");
            assertThat(late.body()).isEqualTo("[]");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(events).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageRendersWithoutATicketForAStrangerAndWhenTheStoreIsDown(Container container) throws Exception {
        try (var running = container.start(site)) {
            WebUser alice = running.login("alice");
            HttpResponse<String> stranger = running.stranger().get("/pages/one");
            store.down();
            HttpResponse<String> down = alice.get("/pages/one");

            assertThat(stranger.body()).isEqualTo("[]");
            assertThat(down.statusCode()).isEqualTo(200);
            assertThat(down.body()).isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatAnswersALongFormHasATicketAndNobodyReadsTheFormForIt(Container container) throws Exception {
        try (var running = container.start(site)) {
            HttpCookie session = running.login("alice").cookies().get(0);

            for (String page : List.of("/pages/one", "/pages/principal")) {
                try (var client = new Wire(running.port())) {
                    // The body never comes.
                    client.send("POST " + page + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\nCookie: "
                            + session.getName() + "=" + session.getValue()
                            + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n");

                    assertThat(client.answer().body()).as(page).matches("\\[[A-Za-z0-9_-]{27}]");
                }
            }
        }
    }
}
