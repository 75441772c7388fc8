// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketError, TicketSource } from "../src/index.js";
import { Endpoint, json, refusal, silence, ticket } from "./endpoint.js";

const csrf = {};

beforeEach(() => {
  vi.useFakeTimers();
});

/** Asks for a ticket; the retries that were told, and what came of it. */
function ask(tickets: TicketSource): { retries: [string, number, number][]; outcome: () => unknown } {
  const retries: [string, number, number][] = [];
  let outcome: unknown = "none yet";
  tickets.next({ onRetry: ({ reason, status }, delay) => retries.push([reason, status, delay]) }).then(
    (given) => {
      outcome = given;
    },
    (error) => {
      outcome = error;
    },
  );
  return { retries, outcome: () => outcome };
}

describe("Without a ticket", () => {
  test("401 means logged out: no other request", async () => {
    const endpoint: Endpoint = new Endpoint(refusal(401, { "Retry-After": "1" }));

    const { outcome, retries } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(outcome()).toBeInstanceOf(TicketError);
    expect(outcome()).toMatchObject({ reason: "logged-out", status: 401, final: true, message: "no ticket: logged-out (401)" });
    expect([endpoint.requests.length, retries]).toEqual([1, []]);
  });

  test("a redirect, to a login page for example, means logged out", async () => {
    const redirected = json({});
    Object.defineProperties(redirected, { type: { value: "opaqueredirect" }, status: { value: 0 }, ok: { value: false } });
    new Endpoint(() => redirected);

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(1);

    expect(outcome()).toMatchObject({ reason: "logged-out", final: true });
  });

  test("403 is answered once with a CSRF token that is read anew", async () => {
    const endpoint: Endpoint = new Endpoint(refusal(403), () => endpoint.issue());
    const tokens = ["old", "new"];

    const { outcome } = ask(new TicketSource({ csrf: () => ({ "X-CSRF-TOKEN": tokens.shift() ?? "none" }) }));
    await vi.advanceTimersByTimeAsync(1);

    expect(outcome()).toBe(ticket(0));
    expect(endpoint.requests.map(({ headers }) => headers.get("X-CSRF-TOKEN"))).toEqual(["old", "new"]);
  });

  test("403 twice means forbidden: no third request", async () => {
    const endpoint: Endpoint = new Endpoint(refusal(403));

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(outcome()).toMatchObject({ reason: "forbidden", status: 403, final: true });
    expect(endpoint.requests.length).toBe(2);
  });

  test.each([
    ["seconds", () => "120"],
    ["a date", () => new Date(Date.now() + 120_000).toUTCString()],
  ])("429 is obeyed when Retry-After is given in %s, by everybody who asks", async (_, retryAfter) => {
    vi.setSystemTime(1_800_000_000_000);
    const endpoint: Endpoint = new Endpoint(refusal(429, { "Retry-After": retryAfter() }), () => endpoint.issue());
    const tickets = new TicketSource({ csrf, backoff: () => 500 });

    const first = ask(tickets);
    await vi.advanceTimersByTimeAsync(1_000);
    const second = ask(tickets);
    await vi.advanceTimersByTimeAsync(119_000);
    expect(endpoint.requests.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(first.retries).toEqual([["limited", 429, 120_500]]);
    expect([first.outcome(), second.outcome()]).toEqual([ticket(0), ticket(1)]);
  });

  test("a wait of more than 24 days, which no timer can, is no wait of nothing", async () => {
    const endpoint: Endpoint = new Endpoint(refusal(503, { "Retry-After": "9999999" }), () => endpoint.issue());

    ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(60_000);

    expect(endpoint.requests.length).toBe(1);
  });

  test.each([["0"], ["-5"], ["soon"], ["Thu, 01 Jan 1970 00:00:00 GMT"]])(
    "Retry-After: %s is a backoff as any other",
    async (value) => {
      new Endpoint(refusal(503, { "Retry-After": value }));

      const { retries } = ask(new TicketSource({ csrf, backoff: () => 700 }));
      await vi.advanceTimersByTimeAsync(1);

      expect(retries).toEqual([["unavailable", 503, 700]]);
    },
  );

  test.each([
    ["503", refusal(503)],
    ["500", refusal(500)],
    ["404, while a server is replaced", refusal(404)],
    ["no network", () => new TypeError("Failed to fetch")],
    ["an error with status 200, as of the original", refusal(200)],
    ["a page instead of JSON", () => new Response("<html>")],
    ["a text that is no ticket", () => json({ status: "ok", message: "none&x=1" })],
    ["no message", () => json({ status: "ok" })],
    ["a list", () => json([])],
    ["null", () => json(null)],
  ])("%s is tried again, with backoff", async (_, answer) => {
    const endpoint: Endpoint = new Endpoint(answer, answer, () => endpoint.issue());

    const { outcome, retries } = ask(new TicketSource({ csrf, backoff: (failures) => 1_000 * 2 ** failures }));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(endpoint.requests.length).toBe(2);
    await vi.advanceTimersByTimeAsync(2);

    expect(retries.map(([reason, , delay]) => [reason, delay])).toEqual([
      ["unavailable", 1_000],
      ["unavailable", 2_000],
    ]);
    expect(outcome()).toBe(ticket(0));
  });

  test("an endpoint that does not answer is given up after its time", async () => {
    vi.useRealTimers();
    const endpoint: Endpoint = new Endpoint(
      () => silence,
      () => endpoint.issue(),
    );

    expect(await new TicketSource({ csrf, timeout: 30, backoff: () => 1 }).next()).toBe(ticket(0));
    expect(endpoint.requests.length).toBe(2);
  });

  test("a CSRF token that can't be had is tried again, and why is told", async () => {
    new Endpoint();
    const reason = new Error("no CSRF token");
    const answers = [Promise.reject(reason), Promise.resolve({})];
    const causes: unknown[] = [];

    const given = new TicketSource({ csrf: () => answers.shift() ?? {} }).next({ onRetry: ({ cause }) => causes.push(cause) });
    await vi.advanceTimersByTimeAsync(1_001);

    expect(await given).toBe(ticket(0));
    expect(causes).toEqual([reason]);
  });
});
