// SPDX-License-Identifier: Apache-2.0
import { Server } from "socket.io";
import { describe, expect, test, vi } from "vitest";
import { ticket } from "../endpoint.js";
import { world } from "./backend.js";
import { connect as bySocketIo } from "./socket.io-client.example.js";

describe("With a real server", () => {
  const { issuer, backend } = world();

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
});
