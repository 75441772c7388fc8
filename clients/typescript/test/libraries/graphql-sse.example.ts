// SPDX-License-Identifier: Apache-2.0
import { type Client, createClient } from "graphql-sse";
import { fullJitter, type TicketSource, ticketUrl } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string): Client {
  const next = ticketUrl(tickets, url);
  const wait = fullJitter();
  return createClient({
    url: () => next(),
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: (retries) => new Promise((resolve) => setTimeout(resolve, wait(retries))),
  });
}
