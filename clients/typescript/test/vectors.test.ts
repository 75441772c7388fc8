// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { TicketSource } from "../src/index.js";
import { Endpoint, json, ticket } from "./endpoint.js";

const vectors = JSON.parse(readFileSync(new URL("../../../docs/protocol-vectors.json", import.meta.url), "utf8"));
const tickets: string[] = vectors.tickets.map((vector: { ticket: string }) => vector.ticket);
const refused: string[] = vectors.refused_tickets.map((vector: { text: string }) => vector.text);

test("there are vectors", () => {
  expect(tickets.length).toBeGreaterThan(3);
  expect(refused.length).toBeGreaterThan(20);
});

test.each(tickets)("T2: %s is a ticket", async (text) => {
  new Endpoint(() => json({ status: "ok", message: text }));

  expect(await new TicketSource({ csrf: {} }).next()).toBe(text);
});

test.each(refused)("T2: %j is none", async (text) => {
  vi.useFakeTimers();
  const endpoint: Endpoint = new Endpoint(
    () => json({ status: "ok", message: text }),
    () => endpoint.issue(),
  );

  const given = new TicketSource({ csrf: {}, backoff: () => 10 }).next();
  await vi.advanceTimersByTimeAsync(11);

  expect(await given).toBe(ticket(0));
  vi.useRealTimers();
});
