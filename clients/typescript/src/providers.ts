// SPDX-License-Identifier: Apache-2.0
import { absolute, withParameter } from "./address.js";
import type { Tickets } from "./source.js";

/**
 * Gives the address with a new ticket at each call, for a library that asks for its address before each attempt to connect: `partysocket`,
 * `reconnecting-websocket`, `graphql-ws`, and `@stomp/stompjs` in `beforeConnect`.
 */
export function ticketUrl(tickets: Tickets, url: string | URL, parameter?: string): () => Promise<string> {
  return async () => withParameter(absolute(url), await tickets.next(), parameter).href;
}
