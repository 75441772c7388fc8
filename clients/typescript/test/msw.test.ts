// SPDX-License-Identifier: Apache-2.0
import { HttpResponse, http, ws } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TicketSource, TicketWebSocket } from "../src/index.js";
import { ticket } from "./endpoint.js";

const chat = ws.link("wss://realtime.example.com/chat");
const seen: (string | null)[] = [];
let issued = 0;
const server = setupServer(
  http.post("https://app.example/ticket/", () => HttpResponse.json({ status: "ok", message: ticket(issued++), expires_in: 10 })),
  chat.addEventListener("connection", ({ client }) => {
    seen.push(client.url.searchParams.get("ticket"));
    client.send("hello");
    if (seen.length === 1) {
      setTimeout(() => client.close(4000), 50);
    }
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());

test("MSW plays the issuing endpoint and the backend, connection after connection", async () => {
  const socket = new TicketWebSocket("wss://realtime.example.com/chat", [], {
    tickets: new TicketSource({ csrf: {} }),
    backoff: () => 10,
  });
  const got: unknown[] = [];
  socket.onmessage = ({ data }) => got.push(data);

  socket.open();
  await vi.waitFor(() => expect(got.length).toBe(2), 10_000);
  socket.close();

  expect(seen).toEqual([ticket(0), ticket(1)]);
});
