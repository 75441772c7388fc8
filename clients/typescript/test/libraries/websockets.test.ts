// SPDX-License-Identifier: Apache-2.0
import { createClient } from "graphql-ws";
import { describe, expect, test, vi } from "vitest";
import { type TicketError, type TicketSource, TicketWebSocket } from "../../src/index.js";
import { type Backend, comesBackUntilTheLogout, world } from "./backend.js";
import { connect as byCentrifuge } from "./centrifuge.example.js";
import { connect as bySse } from "./graphql-sse.example.js";
import { connect as byGraphql } from "./graphql-ws.example.js";
import { connect as byInit } from "./graphql-ws-init.example.js";
import { connect as byPartysocket } from "./partysocket.example.js";
import { connect as byReconnectingWebSocket } from "./reconnecting-websocket.example.js";
import { connect as byRxjs } from "./rxjs.example.js";
import { serveCentrifuge, serveGraphql, serveGraphqlInit, serveGraphqlSse, serveSocketIo, serveWebSocket } from "./servers.js";
import { connect as bySocketIo } from "./socket.io-client.example.js";
import { connect as byStomp } from "./stompjs.example.js";
import { connect as byYjs } from "./y-websocket.example.js";

type Connect = (tickets: TicketSource, url: string, loggedOut: (error: unknown) => void) => unknown;

describe("With a real server", () => {
  const { issuer, backend } = world();

  test.each<[string, (backend: Backend) => void, Connect]>([
    ["partysocket", serveWebSocket, byPartysocket],
    ["reconnecting-websocket", serveWebSocket, byReconnectingWebSocket],
    ["@stomp/stompjs", serveWebSocket, byStomp],
    ["socket.io-client", serveSocketIo, bySocketIo],
    ["centrifuge", serveCentrifuge, byCentrifuge],
    ["rxjs", serveWebSocket, byRxjs],
    ["y-websocket", serveWebSocket, byYjs],
  ])(
    "%s has a ticket for each attempt",
    async (_, serve, connect) => {
      serve(backend());
      const told: unknown[] = [];
      const url = serve === serveSocketIo ? backend().url.replace("/chat", "") : backend().url;

      const client = connect(issuer().tickets, url, (error) => told.push(error));

      await comesBackUntilTheLogout(issuer(), backend(), told);
      (client as { disconnect?: () => void }).disconnect?.();
    },
    60_000,
  );

  test("rxjs ends with a final error of another copy of this package, too", async () => {
    const foreign = Object.assign(new Error("no ticket"), { name: "TicketError", reason: "logged-out", final: true });
    const told: unknown[] = [];

    byRxjs({ next: () => Promise.reject(foreign) } as unknown as TicketSource, backend().url, (error) => told.push(error));

    await vi.waitFor(() => expect(told).toEqual([foreign]), 10_000);
  });

  test("graphql-ws has a ticket for each attempt", async () => {
    serveGraphql(backend());
    const told: unknown[] = [];

    byGraphql(issuer().tickets, backend().url, (error) => told.push(error)).subscribe(
      { query: "subscription { hello }" },
      { next: () => {}, error: () => told.push("an error"), complete: () => told.push("complete") },
    );

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);

  test("graphql-ws has a ticket for each first message", async () => {
    serveGraphqlInit(backend());
    const told: unknown[] = [];

    byInit(issuer().tickets, backend().url, (error) => told.push(error)).subscribe(
      { query: "subscription { hello }" },
      { next: () => {}, error: () => told.push("an error"), complete: () => told.push("complete") },
    );

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);

  test("graphql-sse has a ticket for each stream", async () => {
    serveGraphqlSse(backend());
    const told: unknown[] = [];

    bySse(issuer().tickets, backend().url.replace("ws:", "http:")).subscribe(
      { query: "subscription { hello }" },
      { next: () => {}, error: (error) => told.push(error), complete: () => told.push("complete") },
    );

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);

  test("graphql-ws takes the class, too", async () => {
    serveGraphql(backend());
    const told: unknown[] = [];
    const { tickets } = issuer();
    class OneConnection extends TicketWebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols, { tickets, maxRetries: 0 });
        this.open();
      }

      // It takes any error for the end, and would open another beside this one.
      override dispatchEvent(event: Event): boolean {
        const error = (event as { error?: TicketError }).error;
        if (error?.final) {
          told.push(error);
        }
        return error !== undefined && !error.final ? true : super.dispatchEvent(event);
      }
    }
    const client = createClient({
      url: backend().url,
      webSocketImpl: OneConnection,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
      shouldRetry: () => told.length === 0,
    });
    client.subscribe({ query: "subscription { hello }" }, { next: () => {}, error: () => {}, complete: () => {} });

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);
});
