// SPDX-License-Identifier: Apache-2.0
import { Client, ReconnectionTimeMode } from "@stomp/stompjs";
import { type TicketSource, ticketUrl } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Client {
  const next = ticketUrl(tickets, url);
  const client = new Client({
    reconnectDelay: 500 + 1_500 * Math.random(),
    reconnectTimeMode: ReconnectionTimeMode.EXPONENTIAL,
    maxReconnectDelay: 30_000,
    beforeConnect: async () => {
      try {
        client.brokerURL = await next();
      } catch (error) {
        void client.deactivate();
        loggedOut(error);
      }
    },
  });
  client.activate();
  return client;
}
