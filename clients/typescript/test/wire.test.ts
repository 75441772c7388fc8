// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { EventSource as UndiciEventSource } from "undici";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type WebSocket as Peer, WebSocketServer, WebSocket as WsWebSocket } from "ws";
import { TicketEventSource, TicketSource, TicketWebSocket } from "../src/index.js";
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

test("the class of ws is taken where the global one and CloseEvent are missing, as in Node.js 20", async () => {
  new Endpoint();
  vi.stubGlobal("WebSocket", undefined);
  vi.stubGlobal("CloseEvent", undefined);
  const seen: (string | null)[] = [];
  server.on("connection", (peer: Peer, { url = "" }: { url?: string }) => {
    seen.push(new URL(url, "ws://x").searchParams.get("ticket"));
    peer.on("message", (data, isBinary) => {
      peer.send(data, { binary: isBinary });
      peer.close(4000 + seen.length, "so");
    });
  });
  const { port } = server.address() as AddressInfo;
  const socket = new TicketWebSocket(`ws://127.0.0.1:${port}/chat`, "chat", {
    tickets: new TicketSource({ csrf: {} }),
    WebSocket: WsWebSocket as unknown as typeof WebSocket,
    backoff: () => 10,
  });
  const told: unknown[] = [];
  socket.binaryType = "arraybuffer";
  socket.onopen = () => socket.send(new Uint8Array([7]));
  socket.onmessage = ({ data }) => told.push([...new Uint8Array(data)]);
  socket.onclose = ({ code, reason, wasClean }) => told.push({ code, reason, wasClean });

  socket.open();
  await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(4), 10_000);
  socket.close();

  expect(told.slice(0, 4)).toEqual([
    [7],
    { code: 4001, reason: "so", wasClean: true },
    [7],
    { code: 4002, reason: "so", wasClean: true },
  ]);
  expect(seen.slice(0, 2)).toEqual([ticket(0), ticket(1)]);
});

test("an EventSource of the application's is taken where the global one is missing, and comes back behind the last event", async () => {
  new Endpoint();
  vi.stubGlobal("EventSource", undefined);
  const seen: Record<string, string>[] = [];
  const streams = createServer(({ url = "" }, response) => {
    seen.push(Object.fromEntries(new URL(url, "http://x").searchParams));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.end(`event: price\nid: ${seen.length}\ndata: ${seen.length * 10}\n\n`);
  }).listen(0, "127.0.0.1");
  await once(streams, "listening");
  const { port } = streams.address() as AddressInfo;
  const prices = new TicketEventSource(`http://127.0.0.1:${port}/prices`, {
    tickets: new TicketSource({ csrf: {} }),
    EventSource: UndiciEventSource as unknown as typeof EventSource,
    backoff: () => 10,
  });
  const got: unknown[] = [];
  prices.addEventListener("price", ({ data }) => got.push(data));

  prices.open();
  await vi.waitFor(() => expect(got.length).toBeGreaterThanOrEqual(2), 10_000);
  prices.close();
  streams.closeAllConnections();
  streams.close();

  expect(got.slice(0, 2)).toEqual(["10", "20"]);
  expect(seen.slice(0, 2)).toEqual([{ ticket: ticket(0) }, { ticket: ticket(1), lastEventId: "1" }]);
});
