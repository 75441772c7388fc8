// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test, vi } from "vitest";
import { type WebSocket as Peer, WebSocketServer } from "ws";
import { TicketSource, TicketWebSocket } from "../src/index.js";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
afterEach(() => server.close());

test("a connection comes back with another ticket", async () => {
  const seen: string[] = [];
  server.on("connection", (peer: Peer, request: { url?: string }) => {
    seen.push(new URL(request.url ?? "", "http://x").searchParams.get("ticket") ?? "");
    peer.on("message", (data) => peer.send(`echo ${data}`));
    if (seen.length < 3) setTimeout(() => peer.close(1012), 20);
  });
  let n = 0;
  vi.stubGlobal(
    "fetch",
    async () => new Response(JSON.stringify({ status: "ok", message: `AAAAAAAAAAAAAAAAAAAAAAAAAA${n++}`, expires_in: 10 })),
  );
  const { port } = server.address() as { port: number };
  const socket = new TicketWebSocket(`ws://127.0.0.1:${port}/chat`, [], {
    tickets: new TicketSource({ csrf: {} }),
    backoff: () => 10,
  });
  const log: string[] = [];
  for (const type of ["open", "close", "error", "waiting"])
    socket.addEventListener(type, (e) => log.push(`${e.type} ${socket.readyState}`));
  socket.onmessage = (e) => log.push(e.data);
  socket.send("hello");
  expect(seen).toEqual([]);
  socket.open();
  await vi.waitFor(() => expect(seen.length).toBe(3));
  await vi.waitFor(() => expect(socket.readyState).toBe(1));
  socket.close(1000);
  await vi.waitFor(() => expect(socket.readyState).toBe(3));
});
