// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.testkit.IssuerContract.Login;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The desk where scenarios ask for tickets, the store behind it, and what it may answer. */
final class IssueDesk {

    /** How many tickets a user gets at once (T18). */
    static final int BURST = 30;

    private static final JsonFactory JSON = new JsonFactory();
    private static final AtomicInteger USERS = new AtomicInteger();

    private final RunningIssuer issuer;
    private final FarStore store;

    IssueDesk(RunningIssuer issuer, FarStore store) {
        this.issuer = issuer;
        this.store = store;
    }

    /** A ticket as it was answered with, and the seconds that it is said to live. */
    record Issued(Ticket ticket, long seconds) {}

    /** The origin of the application's own pages. */
    String origin() {
        return "http://" + issuer.uri().getRawAuthority();
    }

    String path() {
        return issuer.uri().getRawPath();
    }

    /** Logs in a user whom no other test knows, so that none has used up its limit. */
    Login login() throws Exception {
        return login("user" + USERS.incrementAndGet());
    }

    Login login(String username) throws Exception {
        return issuer.login(username);
    }

    /** What a page of the application gets. */
    Answer fromOwnPage(Login login) throws IOException {
        return post(login, "Origin: " + origin(), "Sec-Fetch-Site: same-origin");
    }

    /** What a page gets whose requests have the user's session and proof, and these header lines. */
    Answer post(Login login, String... headerLines) throws IOException {
        return send("POST", path(), lines(login, headerLines));
    }

    /** The first answer to such requests that is no ticket; one with a ticket if the limit is not felt (T18). */
    Answer askUntilRefused(Login login, String... headerLines) throws IOException {
        Answer answer = post(login, headerLines);
        for (int asked = 1; answer.status() == 200 && asked < 4 * BURST; asked++) {
            answer = post(login, headerLines);
        }
        return answer;
    }

    Answer send(String method, String target, List<String> headerLines) throws IOException {
        List<String> lines = new ArrayList<>(headerLines);
        lines.add("Content-Length: 0");
        Answer answer = Answer.of(issuer.uri(), method, target, lines);
        assertThat(answer.text()).doesNotContain("\tat ", "\\tat ", "    at ", "Exception", "Traceback");
        return answer;
    }

    static List<String> lines(Login login, String... headerLines) {
        List<String> lines = new ArrayList<>(login.session());
        lines.addAll(login.proof());
        lines.addAll(List.of(headerLines));
        return lines;
    }

    /** What the store has for a ticket, which is gone then. */
    Optional<TicketValue> take(Answer answer) {
        return take(issued(answer).ticket());
    }

    Optional<TicketValue> take(Ticket ticket) {
        return store.take(ticket).toCompletableFuture().join();
    }

    /** How many tickets were issued so far. */
    int issued() {
        return store.put();
    }

    FarStore store() {
        return store;
    }

    /** The ticket of an answer that must have one, in the protocol's form (T12). */
    static Issued issued(Answer answer) {
        assertThat(answer.status()).as("status").isEqualTo(200);
        assertJson(answer);
        Map<String, Object> members = members(answer.text());
        assertThat(members).containsOnlyKeys("status", "message", "expires_in").containsEntry("status", "ok");
        assertThat(members.get("expires_in")).isInstanceOf(Long.class);
        String text = String.valueOf(members.get("message"));
        return new Issued(Ticket.parse(text).orElseThrow(), Long.parseLong(String.valueOf(members.get("expires_in"))));
    }

    /** Such a refusal has the protocol's form and no ticket (T12). */
    static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertJson(answer);
        assertThat(members(answer.text())).containsOnlyKeys("status", "message").containsEntry("status", "error");
    }

    static void assertNoCors(Answer answer) {
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    void close() throws IOException {
        issuer.close();
    }

    private static void assertJson(Answer answer) {
        assertThat(answer.header("Content-Type")).singleElement().satisfies(type -> assertThat(type)
                .startsWith("application/json"));
    }

    private static Map<String, Object> members(String text) {
        Map<String, Object> members = new TreeMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                boolean number = json.nextToken() == JsonToken.VALUE_NUMBER_INT;
                members.put(name, number ? (Object) json.getLongValue() : json.getString());
            }
            assertThat(json.nextToken()).as("what follows the object").isNull();
        }
        return members;
    }
}
