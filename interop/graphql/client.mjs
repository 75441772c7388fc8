// SPDX-License-Identifier: Apache-2.0
// Subscribes with graphql-ws or graphql-sse, and says what happened: node client.mjs WAY ORIGIN COOKIE CSRF-TOKEN [TICKET to begin with]
import { createClient as createSseClient } from "graphql-sse";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { TicketSource, ticketUrl } from "./realtime-ticket.mjs";

const [way, origin, cookie, token, first] = process.argv.slice(2);

const source = new TicketSource({
  url: `${origin}/ticket/`,
  csrf: { "X-CSRF-TOKEN": token },
  fetch: (input, init) => fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), cookie } }),
});

let given = first;
const tickets = {
  async next() {
    const ticket = given ?? (await source.next());
    given = undefined;
    return ticket;
  },
};

const url = `${origin.replace("http", "ws")}/graphql`;
let ticket = "";
const byWebSocket = (options) =>
  createClient({
    webSocketImpl: WebSocket,
    url: async () => {
      ticket = await tickets.next();
      return url;
    },
    connectionParams: () => ({ ticket }),
    ...options,
  });

const comesBack = {
  retryAttempts: 5,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
  on: {
    closed(event) {
      console.log(`closed with ${event.code}`);
      if (event.code === 4401) {
        Object.defineProperty(event, "code", { value: 1013 });
      }
    },
  },
};

const ways = {
  plain: () => byWebSocket({ shouldRetry: () => true }),
  "comes-back": () => byWebSocket(comesBack),
  "stays-away": () =>
    byWebSocket({
      ...comesBack,
      shouldRetry: (event) => ![4403, 3003].includes(event.code),
    }),
  events: () => createSseClient({ url: ticketUrl(tickets, `${origin}/events`), retryAttempts: 0 }),
};

const client = ways[way]();
let greetings = 0;
const stop = client.subscribe(
  { query: "subscription { greeting }" },
  {
    next({ data, errors }) {
      console.log(errors ? `errors ${JSON.stringify(errors)}` : data.greeting);
      if (client.terminate && ++greetings === 1) {
        client.terminate();
      } else {
        stop();
      }
    },
    error: ({ code, response }) => console.log(`failed with ${code ?? response?.status}`),
    complete: () => console.log("complete"),
  },
);
