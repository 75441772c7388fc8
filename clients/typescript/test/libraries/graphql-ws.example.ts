// SPDX-License-Identifier: Apache-2.0
import { type Client, createClient } from "graphql-ws";
import { fullJitter, type TicketSource, ticketUrl } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Client {
  const next = ticketUrl(tickets, url);
  const wait = fullJitter();
  const stop = (error: unknown): Promise<string> => {
    loggedOut(error);
    return new Promise(() => {});
  };
  return createClient({
    url: () => next().catch(stop),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, wait(retries))),
    shouldRetry: () => true,
  });
}
