// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketSource } from "../src/index.js";
import { Endpoint, json, silence, ticket } from "./endpoint.js";

const csrf = { "X-CSRF-TOKEN": "secret" };

beforeEach(() => {
  vi.useFakeTimers();
});

describe("A ticket source", () => {
  test("asks with POST, credentials and the CSRF token, and follows no redirect", async () => {
    const endpoint: Endpoint = new Endpoint();

    const given = await new TicketSource({ csrf }).next();

    expect(given).toBe(ticket(0));
    const [request] = endpoint.requests;
    expect(request?.method).toBe("POST");
    expect(request?.url).toBe("https://app.example/ticket/");
    expect(request?.credentials).toBe("include");
    expect(request?.cache).toBe("no-store");
    expect(request?.redirect).toBe("manual");
    expect(request?.headers.get("X-CSRF-TOKEN")).toBe("secret");
  });

  test("asks another endpoint if told so, and a function for the CSRF token at each request", async () => {
    const endpoint: Endpoint = new Endpoint();
    let asked = 0;
    const tickets = new TicketSource({ url: "https://issuer.example/t", csrf: async () => ({ "X-Csrf": `${asked++}` }) });

    await tickets.next();
    await tickets.next();

    expect(endpoint.requests.map(({ url, headers }) => [url, headers.get("X-Csrf")])).toEqual([
      ["https://issuer.example/t", "0"],
      ["https://issuer.example/t", "1"],
    ]);
  });

  test("gives each caller a ticket of its own, one request at a time", async () => {
    const endpoint: Endpoint = new Endpoint();
    const tickets = new TicketSource({ csrf });

    const given = await Promise.all(Array.from({ length: 50 }, () => tickets.next()));

    expect(new Set(given).size).toBe(50);
    expect(endpoint.requests.length).toBe(50);
    expect(endpoint.mostPending).toBe(1);
  });

  test("makes no request for who gave up before its turn, and serves the others", async () => {
    let answer: (response: Response) => void = () => {};
    const first = new Promise<Response>((resolve) => {
      answer = resolve;
    });
    const endpoint: Endpoint = new Endpoint(
      () => first,
      () => endpoint.issue(),
    );
    const tickets = new TicketSource({ csrf });
    const impatient = new AbortController();

    const served = tickets.next();
    const gone = tickets.next({ signal: impatient.signal });
    const next = tickets.next();
    impatient.abort(new Error("changed my mind"));

    await expect(gone).rejects.toThrow("changed my mind");
    answer(endpoint.issue());
    expect([await served, await next]).toEqual([ticket(0), ticket(1)]);
    expect(endpoint.requests.length).toBe(2);
  });

  test("gives up the request of who gives up, and goes on with the next", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => silence,
      () => endpoint.issue(),
    );
    const tickets = new TicketSource({ csrf });
    const impatient = new AbortController();

    const gone = tickets.next({ signal: impatient.signal });
    const next = tickets.next();
    await vi.advanceTimersByTimeAsync(100);
    impatient.abort();

    await expect(gone).rejects.toThrow("aborted");
    expect(endpoint.requests[0]?.signal.aborted).toBe(true);
    expect(await next).toBe(ticket(0));
  });

  test("makes no request for who had given up already", async () => {
    const endpoint: Endpoint = new Endpoint();

    await expect(new TicketSource({ csrf }).next({ signal: AbortSignal.abort() })).rejects.toThrow("aborted");

    expect(endpoint.requests).toEqual([]);
  });

  test.each([{}, { expires_in: null }])(
    "understands an answer that does not tell how long the ticket lives: %j",
    async (more) => {
      new Endpoint(() => json({ status: "ok", message: ticket(7), ...more }));

      expect(await new TicketSource({ csrf }).next()).toBe(ticket(7));
    },
  );

  test("understands an answer that is called a page, as Django's is if nothing else is said", async () => {
    new Endpoint(() => json({ status: "ok", message: ticket(7) }, 200, { "Content-Type": "text/html; charset=utf-8" }));

    expect(await new TicketSource({ csrf }).next()).toBe(ticket(7));
  });

  test.each(["application/json", "text/html"])("does not give a ticket whose time was over when it came as %s", async (type) => {
    const endpoint: Endpoint = new Endpoint(
      async () => {
        vi.setSystemTime(Date.now() + 11_000); // the machine slept
        return json({ status: "ok", message: ticket(7), expires_in: 10 }, 200, { "Content-Type": type });
      },
      () => endpoint.issue(),
    );

    const given = new TicketSource({ csrf }).next();
    await vi.advanceTimersByTimeAsync(2_000);

    expect(await given).toBe(ticket(0));
  });
});

describe("The ticket of the page", () => {
  test("is used once, without a request, while it is fresh", async () => {
    const endpoint: Endpoint = new Endpoint();
    vi.setSystemTime(performance.timeOrigin + 9_900);
    const tickets = new TicketSource({ csrf, first: ticket(99) });

    const given = [await tickets.next(), await tickets.next()];

    expect(given).toEqual([ticket(99), ticket(0)]);
    expect(endpoint.requests.length).toBe(1);
  });

  test.each([
    ["10 seconds after the page was asked for", 10_000, {}],
    ["after its own time", 3_000, { firstExpiresIn: 3 }],
  ])("is not used %s", async (_, age, options) => {
    new Endpoint();
    vi.setSystemTime(performance.timeOrigin + age);

    expect(await new TicketSource({ csrf, first: ticket(99), ...options }).next()).toBe(ticket(0));
  });

  test.each([
    [9_900, ticket(99)],
    [10_000, ticket(0)],
  ])("where nobody says when the page began is fresh by the clock alone: after %i ms it is %s", async (now, expected) => {
    new Endpoint();
    vi.stubGlobal("performance", { now: () => now });

    expect(await new TicketSource({ csrf, first: ticket(99) }).next()).toBe(expected);
  });

  test.each([null, undefined, "", "None", "null", "a ticket with spaces and more"])("is not used if it is %j", async (first) => {
    new Endpoint();
    vi.setSystemTime(performance.timeOrigin);

    expect(await new TicketSource({ csrf, first }).next()).toBe(ticket(0));
  });
});
