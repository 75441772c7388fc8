// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.testkit.IssuerContract.Login;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The desk where scenarios ask for tickets, the store behind it, and what it may answer. */
final class IssueDesk implements AutoCloseable {

    /** How many tickets a user gets at once (T18). */
    static final int BURST = 30;

    private static final AtomicInteger USERS = new AtomicInteger();

    private final RunningIssuer issuer;
    private final FarStore store;

    IssueDesk(RunningIssuer issuer, FarStore store) {
        this.issuer = issuer;
        this.store = store;
    }

    /** The origin of the application's own pages. */
    String origin() {
        return "http://" + authority();
    }

    String authority() {
        return issuer.uri().getRawAuthority();
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
        return send("POST", path(), ownPage(login));
    }

    /** The header lines of what a page of the application asks. */
    List<String> ownPage(Login login) {
        return lines(login, "Origin: " + origin(), "Sec-Fetch-Site: same-origin");
    }

    /** Asks as a page of the application does, and leaves the answer to be read. */
    Socket ask(Login login) throws IOException {
        Socket socket = Answer.connect(issuer.uri());
        socket.getOutputStream().write(request("POST", path(), ownPage(login)));
        return socket;
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
        Answer answer = Answer.of(issuer.uri(), method, request(method, target, headerLines));
        assertThat(answer.text()).doesNotContain("\tat ", "\\tat ", "    at ", "Exception", "Traceback");
        return answer;
    }

    private byte[] request(String method, String target, List<String> headerLines) {
        List<String> lines = new ArrayList<>(headerLines);
        lines.add("Content-Length: 0");
        return Answer.request(issuer.uri(), method, target, lines);
    }

    private static List<String> lines(Login login, String... headerLines) {
        List<String> lines = new ArrayList<>(login.session());
        lines.addAll(login.proof());
        lines.addAll(List.of(headerLines));
        return lines;
    }

    /** What the store has for a ticket, which is gone then. */
    Optional<TicketValue> take(Answer answer) {
        return take(IssueForm.issued(answer).ticket());
    }

    Optional<TicketValue> take(Ticket ticket) {
        return Eventually.await(store.take(ticket));
    }

    /** How many tickets were issued so far. */
    int issued() {
        return store.put();
    }

    FarStore store() {
        return store;
    }

    @Override
    public void close() throws IOException {
        issuer.close();
    }
}
