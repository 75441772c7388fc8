// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";
import { useServer } from "graphql-ws/use/ws";
import { Server } from "socket.io";
import { describe, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { comesBackUntilTheLogout, world } from "./backend.js";
import { connect as byCentrifuge } from "./centrifuge.example.js";
import { connect as byGraphql } from "./graphql-ws.example.js";
import { connect as bySocketIo } from "./socket.io-client.example.js";

// As graphql-ws loads it: there must be one instance.
const { GraphQLObjectType, GraphQLSchema, GraphQLString } = createRequire(import.meta.url)("graphql") as typeof import("graphql");

describe("With a real server", () => {
  const { issuer, backend } = world();

  test("socket.io-client has a ticket for each attempt, in its auth", async () => {
    const io = new Server(backend().server);
    io.on("connection", (socket) => {
      backend().seen.push(socket.handshake.auth.ticket);
      backend().drop = () => socket.conn.close();
    });
    const told: unknown[] = [];

    bySocketIo(issuer().tickets, backend().url.replace("/chat", ""), (error) => told.push(error));

    await comesBackUntilTheLogout(issuer(), backend(), told);
    io.disconnectSockets(true);
  }, 60_000);

  test("centrifuge has a ticket for each attempt, in the data of its connect command", async () => {
    new WebSocketServer({ server: backend().server }).on("connection", (peer: WebSocket) => {
      backend().drop = () => peer.terminate();
      peer.on("message", (frame) => {
        const { id, connect } = JSON.parse(`${frame}`);
        if (connect) {
          backend().seen.push(connect.data.ticket);
          peer.send(JSON.stringify({ id, connect: { client: "c", version: "1", ping: 25, pong: true } }));
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
    const sockets = new WebSocketServer({ server: backend().server });
    sockets.on("connection", (peer: WebSocket, request) => {
      backend().saw(request.url);
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
