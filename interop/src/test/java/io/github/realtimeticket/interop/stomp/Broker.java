// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import java.util.List;

/** A message broker that speaks STOMP on a port of the loopback interface. */
interface Broker extends AutoCloseable {

    int port();

    /** The destinations that a relay to it takes: what they begin with. */
    List<String> prefixes();

    /** Where users get what is for them alone: behind {@code /user} for a client, as it is for {@code convertAndSendToUser}. */
    String answers();

    /** How many STOMP sessions it has. */
    int sessions() throws Exception;

    /** How many queues it has that do not end with the connection that made them. */
    int queues() throws Exception;
}
