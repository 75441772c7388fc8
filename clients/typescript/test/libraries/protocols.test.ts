// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";
import { useServer } from "graphql-ws/use/ws";
import { Server } from "socket.io";
import { describe, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { ticket } from "../endpoint.js";
import { comesBackUntilTheLogout, world } from "./backend.js";
import { connect as byCentrifuge } from "./centrifuge.example.js";
import { connect as byGraphql } from "./graphql-ws.example.js";
import { connect as bySocketIo } from "./socket.io-client.example.js";

// As graphql-ws loads it: there must be one instance.
const { GraphQLObjectType, GraphQLSchema, GraphQLString } = createRequire(import.meta.url)("graphql") as typeof import("graphql");

describe("With a real server", () => {
  const { issuer, backend } = world();

  test("socket.io-client has a ticket for each attempt, in its auth", async () => {
    const io = new Server(backend().server, { connectTimeout: 500 });
    io.use((socket, next) => next(backend().admits(socket.handshake.auth.ticket) ? undefined : new Error("unauthorized")));
    io.on("connection", (socket) => {
      backend().drop = () => socket.conn.close();
    });
    const told: unknown[] = [];

    bySocketIo(issuer().tickets, backend().url.replace("/chat", ""), (error) => told.push(error));

    await comesBackUntilTheLogout(issuer(), backend(), told);
    io.disconnectSockets(true);
  }, 60_000);

  test("socket.io-client takes one ticket after an outage of the endpoint, however often it connected meanwhile", async () => {
    const io = new Server(backend().server, { connectTimeout: 200 });
    let connections = 0;
    io.engine.on("connection", () => connections++);
    io.on("connection", (socket) => {
      backend().seen.push(socket.handshake.auth.ticket);
      backend().drop = () => socket.conn.close();
    });
    issuer().down = Number.POSITIVE_INFINITY;

    const socket = bySocketIo(issuer().tickets, backend().url.replace("/chat", ""), () => {});
    await vi.waitFor(() => expect(connections).toBe(3), 10_000);
    issuer().down = 0;

    await vi.waitFor(() => expect(socket.connected).toBe(true), 10_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([backend().seen, issuer().issued, socket.connected]).toEqual([[ticket(0)], 1, true]);
    socket.disconnect();
  }, 60_000);

  test("centrifuge has a ticket for each attempt, in the data of its connect command", async () => {
    new WebSocketServer({ server: backend().server }).on("connection", (peer: WebSocket) => {
      peer.on("message", (frame) => {
        const { id, connect } = JSON.parse(`${frame}`);
        if (connect && backend().admits(connect.data.ticket)) {
          peer.send(JSON.stringify({ id, connect: { client: "c", version: "1", ping: 25, pong: true } }));
          backend().drop = () => peer.terminate();
        } else if (connect) {
          peer.send(JSON.stringify({ id, error: { code: 101, message: "unauthorized" } }));
        }
      });
    });
    const told: unknown[] = [];

    byCentrifuge(issuer().tickets, backend().url, (error) => told.push(error));

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);

  test("graphql-ws has a ticket for each attempt", async () => {
    const hello = {
      type: GraphQLString,
      async *subscribe() {
        yield { hello: "you" };
        await new Promise(() => {});
      },
    };
    const query = new GraphQLObjectType({ name: "Query", fields: { hello: { type: GraphQLString } } });
    const subscription = new GraphQLObjectType({ name: "Subscription", fields: { hello } });
    const sockets = new WebSocketServer({ server: backend().server, verifyClient: backend().gate });
    sockets.on("connection", (peer: WebSocket) => {
      backend().drop = () => peer.terminate();
    });
    useServer({ schema: new GraphQLSchema({ query, subscription }) }, sockets);
    const told: unknown[] = [];

    byGraphql(issuer().tickets, backend().url, (error) => told.push(error)).subscribe(
      { query: "subscription { hello }" },
      { next: () => {}, error: () => told.push("an error"), complete: () => told.push("complete") },
    );

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);
});
