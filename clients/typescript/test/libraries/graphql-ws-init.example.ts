// SPDX-License-Identifier: Apache-2.0
import { type Client, createClient } from "graphql-ws";
import { fullJitter, type TicketSource } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Client {
  const wait = fullJitter();
  let ticket = "";
  const next = async (): Promise<string> => {
    ticket = await tickets.next();
    return url;
  };
  const stop = (error: unknown): Promise<string> => {
    loggedOut(error);
    return new Promise(() => {});
  };
  return createClient({
    url: () => next().catch(stop),
    connectionParams: () => ({ ticket }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, wait(retries))),
    shouldRetry: (event) => ![4403, 3003].includes((event as CloseEvent).code),
    on: {
      closed: (event) => {
        if ((event as CloseEvent).code === 4401) {
          Object.defineProperty(event, "code", { value: 1013 });
        }
      },
    },
  });
}
