// SPDX-License-Identifier: Apache-2.0
// Opens a STOMP session with a ticket, asks who it is, and says what happened: node client.mjs URL TICKET [TRANSPORT of SockJS]
import { Client } from "@stomp/stompjs";
import SockJS from "sockjs-client";
import { WebSocket } from "ws";

const [url, ticket, transport] = process.argv.slice(2);

const tickets = { next: async () => ticket };

const client = new Client({
  // It gives a transport what /info took, which may be next to nothing.
  webSocketFactory: () =>
    transport ? new SockJS(url, null, { transports: [transport], timeout: 20_000 }) : new WebSocket(url),
  beforeConnect: async () => {
    client.connectHeaders = { ticket: await tickets.next() };
  },
  reconnectDelay: 0,
  onConnect(frame) {
    console.log(`connected as ${frame.headers["user-name"]}`);
    client.subscribe("/app/me", async (message) => {
      console.log(`answered ${message.body}`);
      await client.deactivate();
    });
  },
  onStompError: (frame) => console.log(`error ${frame.headers.message}`),
  onWebSocketClose: ({ code }) => console.log(`closed with ${code}`),
});
client.activate();
