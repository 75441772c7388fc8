// SPDX-License-Identifier: Apache-2.0
import { describe, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { comesBackUntilTheLogout, world } from "./backend.js";
import { connect as byPartysocket } from "./partysocket.example.js";
import { connect as byReconnectingWebSocket } from "./reconnecting-websocket.example.js";
import { connect as byStomp } from "./stompjs.example.js";

describe("With a real server", () => {
  const { issuer, backend } = world();

  /** A WebSocket server, which for STOMP also answers the CONNECT frame. */
  function serve(): void {
    new WebSocketServer({ server: backend().server, verifyClient: backend().gate }).on("connection", (peer: WebSocket) => {
      backend().drop = () => peer.terminate();
      peer.on("message", () => peer.send("CONNECTED\nversion:1.2\n\n\0"));
    });
  }

  test("partysocket has a ticket for each attempt", async () => {
    serve();
    const told: unknown[] = [];

    byPartysocket(issuer().tickets, backend().url, (error) => told.push(error));

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);

  test("reconnecting-websocket has a ticket for each attempt", async () => {
    serve();
    const told: unknown[] = [];

    byReconnectingWebSocket(issuer().tickets, backend().url, (error) => told.push(error));

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);

  test("@stomp/stompjs has a ticket for each attempt", async () => {
    serve();
    const told: unknown[] = [];

    byStomp(issuer().tickets, backend().url, (error) => told.push(error));

    await comesBackUntilTheLogout(issuer(), backend(), told);
  }, 60_000);
});
