// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";
import { createHandler } from "graphql-sse/lib/use/http";
import type { Context } from "graphql-ws";
import { type Extra, useServer } from "graphql-ws/use/ws";
import { Server } from "socket.io";
import { type WebSocket, WebSocketServer } from "ws";
import type { Backend } from "./backend.js";

// As graphql-ws loads it: there must be one instance.
const { GraphQLObjectType, GraphQLSchema, GraphQLString } = createRequire(import.meta.url)("graphql") as typeof import("graphql");

/** A WebSocket server, which for STOMP also answers the CONNECT frame. */
export function serveWebSocket(backend: Backend): void {
  new WebSocketServer({ server: backend.server, verifyClient: backend.gate }).on("connection", (peer: WebSocket) => {
    backend.drop = () => peer.terminate();
    peer.on("message", (data) => {
      if (`${data}`.startsWith("CONNECT")) {
        peer.send("CONNECTED\nversion:1.2\n\n\0");
      }
    });
  });
}

export function serveSocketIo(backend: Backend): void {
  const io = new Server(backend.server, { connectTimeout: 500, cors: { origin: true } });
  io.use((socket, next) => next(backend.admits(socket.handshake.auth.ticket) ? undefined : new Error("unauthorized")));
  io.on("connection", (socket) => {
    backend.drop = () => socket.conn.close();
  });
}

/** The part of Centrifugo's protocol that connects. */
export function serveCentrifuge(backend: Backend): void {
  new WebSocketServer({ server: backend.server }).on("connection", (peer: WebSocket) => {
    peer.on("message", (frame) => {
      const { id, connect } = JSON.parse(`${frame}`);
      if (connect && backend.admits(connect.data.ticket)) {
        peer.send(JSON.stringify({ id, connect: { client: "c", version: "1", ping: 25, pong: true } }));
        backend.drop = () => peer.terminate();
      } else if (connect) {
        peer.send(JSON.stringify({ id, error: { code: 101, message: "unauthorized" } }));
      }
    });
  });
}

/** Something that never ends to subscribe to. */
function greetings(): InstanceType<typeof GraphQLSchema> {
  const hello = {
    type: GraphQLString,
    async *subscribe() {
      yield { hello: "you" };
      await new Promise(() => {});
    },
  };
  const query = new GraphQLObjectType({ name: "Query", fields: { hello: { type: GraphQLString } } });
  const subscription = new GraphQLObjectType({ name: "Subscription", fields: { hello } });
  return new GraphQLSchema({ query, subscription });
}

export function serveGraphql(backend: Backend): void {
  const sockets = new WebSocketServer({ server: backend.server, verifyClient: backend.gate });
  sockets.on("connection", (peer: WebSocket) => {
    backend.drop = () => peer.terminate();
  });
  useServer({ schema: greetings() }, sockets);
}

/** With the ticket in the first message, and the close code for one that is no good. */
export function serveGraphqlInit(backend: Backend): void {
  const onConnect = ({ connectionParams, extra }: Context<{ ticket?: string }, Extra>): boolean => {
    const admitted = backend.admits(connectionParams?.ticket);
    if (admitted) {
      backend.drop = () => extra.socket.terminate();
    } else {
      extra.socket.close(4401, "unauthorized");
    }
    return admitted;
  };
  useServer({ schema: greetings(), onConnect }, new WebSocketServer({ server: backend.server }));
}

export function serveGraphqlSse(backend: Backend): void {
  const handler = createHandler({ schema: greetings() });
  backend.server.on("request", async (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*").setHeader("Access-Control-Allow-Headers", "*");
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    if (!backend.admits(new URL(request.url ?? "", "http://x").searchParams.get("ticket"))) {
      response.writeHead(401).end();
      return;
    }
    backend.drop = () => request.socket.destroy();
    await handler(request, response);
  });
}
