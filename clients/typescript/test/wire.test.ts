// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type WebSocket as Peer, WebSocketServer } from "ws";
import { TicketSource, TicketWebSocket } from "../src/index.js";
import { Endpoint, ticket } from "./endpoint.js";

let server: WebSocketServer;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
});

afterEach(() => server.close());

test("over a real connection that the server drops twice, each attempt has its own ticket", async () => {
  new Endpoint();
  const seen: (string | null)[] = [];
  server.on("connection", (peer: Peer, { url = "" }: { url?: string }) => {
    seen.push(new URL(url, "ws://x").searchParams.get("ticket"));
    peer.on("message", (data) => {
      peer.send(`echo ${data}`);
      peer.close(1012);
    });
    if (seen.length === 2) {
      peer.close(1012);
    }
  });
  const { port } = server.address() as AddressInfo;
  const socket = new TicketWebSocket(`ws://127.0.0.1:${port}/chat`, [], {
    tickets: new TicketSource({ csrf: {} }),
    backoff: () => 10,
  });
  const messages: unknown[] = [];
  socket.onmessage = ({ data }) => messages.push(data);
  socket.send("hello");

  socket.open();
  await vi.waitFor(() => expect(seen.length).toBe(3));
  await vi.waitFor(() => expect(socket.readyState).toBe(socket.OPEN));
  socket.close(1000);
  await vi.waitFor(() => expect(socket.readyState).toBe(socket.CLOSED));

  expect(seen).toEqual([ticket(0), ticket(1), ticket(2)]);
  expect(messages).toEqual(["echo hello"]);
});
