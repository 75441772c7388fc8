// SPDX-License-Identifier: Apache-2.0
import { addressOf, isKnown, withParameter } from "./address.js";
import type { Tickets } from "./source.js";

/**
 * Gives the address with a new ticket at each call, for a library that asks for its address before each attempt to connect: `partysocket`,
 * `reconnecting-websocket`, `graphql-ws`, and `@stomp/stompjs` in `beforeConnect`.
 *
 * @throws TypeError if the address is not one of a WebSocket or of HTTP
 */
export function ticketUrl(tickets: Tickets, url: string | URL, parameter?: string): () => Promise<string> {
  const address = () => addressOf("ws|http", url);
  if (isKnown(url)) {
    address();
  }
  return async () => withParameter(address(), await tickets.next(), parameter).href;
}
