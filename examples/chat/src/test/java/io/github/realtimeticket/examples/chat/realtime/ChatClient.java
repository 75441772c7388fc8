// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.fixtures.Connection;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/**
 * A participant.
 *
 * @param connection the connection to the chat
 */
record ChatClient(Connection connection) implements AutoCloseable {

    ChatClient(URI uri, String ticket) throws Exception {
        this(Connection.open(URI.create(uri + "?ticket=" + ticket)));
    }

    void say(String text) throws Exception {
        connection.send(
                new JsonObject().put("type", "message").put("text", text).encode());
    }

    /** Awaits the next message, of whatever type. */
    JsonObject next() throws InterruptedException {
        return new JsonObject(connection.next());
    }

    /** Awaits the next message of this type and forgets those before it. */
    JsonObject next(String type) throws InterruptedException {
        JsonObject message = next();
        while (!message.getString("type").equals(type)) {
            message = next();
        }
        return message;
    }

    @Override
    public void close() {
        connection.close();
    }
}
