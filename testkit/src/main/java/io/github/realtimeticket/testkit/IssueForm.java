// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.realtimeticket.Ticket;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The form of what is answered to a request for a ticket. */
final class IssueForm {

    private static final JsonFactory JSON = new JsonFactory();

    private IssueForm() {}

    /** A ticket as it was answered with, and the seconds that it is said to live. */
    record Issued(Ticket ticket, long seconds) {}

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

    /** The answer is a refusal with this status, in the protocol's form (T12). */
    static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertJson(answer);
        assertThat(members(answer.text())).containsOnlyKeys("status", "message").containsEntry("status", "error");
    }

    static void assertNoCors(Answer answer) {
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    private static void assertJson(Answer answer) {
        assertThat(answer.header("Content-Type")).singleElement(STRING).startsWith("application/json");
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
