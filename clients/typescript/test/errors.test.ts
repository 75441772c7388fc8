// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketError, TicketSource } from "../src/index.js";
import { Endpoint, json, refusal, silence, ticket } from "./endpoint.js";

const csrf = {};

beforeEach(() => {
  vi.useFakeTimers();
});

/** An answer with properties that only a browser can give it. */
function changed(response: Response, properties: object): Response {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(response, name, { value });
  }
  return response;
}

/** A redirect as a browser shows it: not whereto. */
const redirect = (): Response => changed(json({}), { type: "opaqueredirect", status: 0, ok: false });

const page = (): Response => new Response("<h1>Log in</h1>", { headers: { "Content-Type": "text/html;charset=UTF-8" } });

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

  test.each([
    ["a page", [page]],
    ["another origin, which the browser does not let it see", [() => new TypeError("Failed to fetch"), redirect]],
    ["something else that is no ticket", [() => changed(json({}), { redirected: true })]],
  ])("a redirect to %s means logged out: no other request", async (_, where) => {
    const endpoint: Endpoint = new Endpoint(redirect, ...where);

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(outcome()).toMatchObject({ reason: "logged-out", final: true });
    expect(endpoint.requests.map((request) => [request.redirect, request.mode])).toEqual(
      [
        ["manual", "same-origin"],
        ["follow", "same-origin"],
        ["manual", "same-origin"],
      ].slice(0, 1 + where.length),
    );
  });

  test("a network that goes away behind a redirect is one that comes back", async () => {
    const away = (): Error => new TypeError("Failed to fetch");
    const endpoint: Endpoint = new Endpoint(redirect, away, away, redirect, () =>
      changed(endpoint.issue(), { redirected: true }),
    );

    const { outcome, retries } = ask(new TicketSource({ csrf, backoff: () => 10 }));
    await vi.advanceTimersByTimeAsync(20);

    expect([outcome(), retries]).toEqual([ticket(0), [["unavailable", 0, 10]]]);
  });

  test("a redirect to the address with a slash is followed", async () => {
    const endpoint: Endpoint = new Endpoint(redirect, () => changed(endpoint.issue(), { redirected: true }));

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(1);

    expect(outcome()).toBe(ticket(0));
  });

  const xhtml = (): Response => new Response("<html/>", { headers: { "Content-Type": "application/xhtml+xml" } });

  test.each([page, xhtml])("a login page in place of an answer, with status 200, means logged out", async (answer) => {
    const endpoint: Endpoint = new Endpoint(answer);

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(outcome()).toMatchObject({ reason: "logged-out", status: 200, final: true });
    expect(endpoint.requests.length).toBe(1);
  });

  test.each([400, 404, 405, 410])("%i means that there is no such endpoint: no other request", async (status) => {
    const endpoint: Endpoint = new Endpoint(refusal(status));

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(outcome()).toMatchObject({ reason: "misconfigured", status, final: true });
    expect(endpoint.requests.length).toBe(1);
  });

  // Of Django and Spring, Laravel, Rails.
  const stale = [403, 419, 422];

  test.each(stale)("%i is answered once with a CSRF token that is read anew", async (status) => {
    const endpoint: Endpoint = new Endpoint(refusal(status), () => endpoint.issue());
    const tokens = ["old", "new"];

    const { outcome } = ask(new TicketSource({ csrf: () => ({ "X-CSRF-TOKEN": tokens.shift() ?? "none" }) }));
    await vi.advanceTimersByTimeAsync(1);

    expect(outcome()).toBe(ticket(0));
    expect(endpoint.requests.map(({ headers }) => headers.get("X-CSRF-TOKEN"))).toEqual(["old", "new"]);
  });

  test.each(stale)("%i twice means forbidden: no third request", async (status) => {
    const endpoint: Endpoint = new Endpoint(refusal(status));

    const { outcome } = ask(new TicketSource({ csrf }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(outcome()).toMatchObject({ reason: "forbidden", status, final: true });
    expect(endpoint.requests.length).toBe(2);
  });

  test.each([
    ["seconds", { "Retry-After": "120" }],
    // The browser's clock is years away from the server's.
    ["a date", { "Retry-After": "Tue, 01 Jan 2030 00:01:30 GMT", Date: "Mon, 31 Dec 2029 23:59:30 GMT" }],
  ])("429 is obeyed when Retry-After is given in %s, by everybody who asks", async (_, headers) => {
    vi.setSystemTime(1_800_000_000_000);
    const endpoint: Endpoint = new Endpoint(refusal(429, headers), () => endpoint.issue());
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

  test("429 is obeyed by the next who asks, even if the one before is told at once", async () => {
    const endpoint: Endpoint = new Endpoint(refusal(429, { "Retry-After": "120" }), () => endpoint.issue());
    const tickets = new TicketSource({ csrf, maxRetries: 0, backoff: () => 500 });

    const first = ask(tickets);
    await vi.advanceTimersByTimeAsync(1_000);
    const second = ask(tickets);
    await vi.advanceTimersByTimeAsync(119_000);
    expect([first.outcome(), endpoint.requests.length]).toMatchObject([{ reason: "limited", retryAfter: 120_000 }, 1]);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(second.outcome()).toBe(ticket(0));
  });

  test.each([
    ["9999999", {}],
    ["9".repeat(400), {}],
    ["Tue, 01 Jan 2030 00:00:00 GMT", { Date: "Sun, 01 Jan 2017 00:00:00 GMT" }],
  ])("Retry-After: %s is obeyed for an hour", async (value, headers) => {
    const endpoint: Endpoint = new Endpoint(refusal(503, { "Retry-After": value, ...headers }), () => endpoint.issue());

    const { retries } = ask(new TicketSource({ csrf, backoff: () => 0 }));
    await vi.advanceTimersByTimeAsync(3_599_000);
    expect(endpoint.requests.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1_100);

    expect([endpoint.requests.length, retries]).toEqual([2, [["unavailable", 503, 3_600_000]]]);
  });

  test.each([["0"], ["-5"], ["1e3"], ["0x10"], ["soon"], ["Tue, 01 Jan 2030 00:00:00 GMT"], ["Thu, 01 Jan 1970 00:00:00 GMT"]])(
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
    ["408", refusal(408)],
    ["425", refusal(425)],
    ["429 without a time", refusal(429)],
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

    expect(retries.map(([, , delay]) => delay)).toEqual([1_000, 2_000]);
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

  test("what a function of the application says is final is not tried again, as an error of another copy of this package", async () => {
    const endpoint: Endpoint = new Endpoint();
    const foreign = Object.assign(new Error("no"), { reason: "logged-out", final: true });

    const { outcome, retries } = ask(new TicketSource({ csrf: () => Promise.reject(foreign) }));
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect([outcome(), retries, endpoint.requests]).toEqual([foreign, [], []]);
  });

  test("the wait that an error of another copy of this package asks for is kept, and the error is told as it is", async () => {
    const endpoint: Endpoint = new Endpoint();
    const foreign = Object.assign(new Error("no"), { reason: "limited", status: 429, retryAfter: 60_000, final: false });
    const answers = [Promise.reject(foreign)];
    const tickets = new TicketSource({ csrf: () => answers.shift() ?? {}, backoff: () => 10 });

    const first = ask(tickets);
    await vi.advanceTimersByTimeAsync(1_000);
    const second = ask(tickets);
    await vi.advanceTimersByTimeAsync(59_000);
    expect([first.retries, endpoint.requests.length]).toEqual([[["limited", 429, 60_010]], 0]);
    await vi.advanceTimersByTimeAsync(10);

    expect([first.outcome(), second.outcome()]).toEqual([ticket(0), ticket(1)]);
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
