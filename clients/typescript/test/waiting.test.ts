// SPDX-License-Identifier: Apache-2.0
import { getEventListeners } from "node:events";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Backoff, TicketError, TicketSource } from "../src/index.js";
import { pause } from "../src/wait.js";
import { Endpoint } from "./endpoint.js";
import { browser, connect, happens, listeners, pass, Socket } from "./sockets.js";

beforeEach(browser);

describe("A wait", () => {
  test("ends when the network is back, however short it was away", async () => {
    connect({ backoff: () => 30_000 });
    await pass();
    Socket.last.ends();
    await pass(10_000);
    expect(Socket.all.length).toBe(1);
    happens("online");
    await pass();

    expect(Socket.all.length).toBe(2);
  });

  test("ends when the page is shown again, not when it is hidden", async () => {
    connect({ backoff: () => 30_000 });
    await pass();
    Socket.last.ends();
    await pass();
    happens("hidden");
    await pass(10_000);
    expect(Socket.all.length).toBe(1);
    happens("shown");
    await pass();

    expect(Socket.all.length).toBe(2);
  });

  test("for the endpoint ends when the network is back", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new TypeError("Failed to fetch"),
      () => endpoint.issue(),
    );
    connect({ tickets: new TicketSource({ csrf: {}, backoff: () => 30_000 }) });
    await pass(3_500);
    happens("online");
    await pass();

    expect([endpoint.requests.length, Socket.all.length]).toEqual([2, 1]);
  });

  test("that the endpoint asked for does not end earlier", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new Response(null, { status: 503, headers: { "Retry-After": "20" } }),
      () => endpoint.issue(),
    );
    connect({ tickets: new TicketSource({ csrf: {}, backoff: () => 0 }) });
    await pass(3_500);
    happens("online");
    happens("shown");
    await pass(16_000);
    expect(endpoint.requests.length).toBe(1);
    await pass(1_000);

    expect(endpoint.requests.length).toBe(2);
  });

  test("that the endpoint asked for is over when the machine wakes up, if it slept for longer", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new Response(null, { status: 429, headers: { "Retry-After": "3600" } }),
      () => endpoint.issue(),
    );
    connect({ tickets: new TicketSource({ csrf: {} }) });
    await pass(1_000);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    happens("shown");
    await pass();

    expect(endpoint.requests.length).toBe(2);
  });

  test("leaves no listener behind", async () => {
    const { socket } = connect({ backoff: () => 100 });
    for (let i = 0; i < 50; i++) {
      await pass(100);
      Socket.last.opens();
      Socket.last.ends();
      await pass(50);
      socket.reconnect();
    }
    expect(listeners.size).toBeLessThan(5);
    socket.close();
    await pass(100);

    expect(listeners.size).toBe(0);
  });

  test("leaves no listener at the caller's signal", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new TypeError("Failed to fetch"),
      () => endpoint.issue(),
    );
    const tickets = new TicketSource({ csrf: {}, backoff: () => 100 });
    const { signal } = new AbortController();
    const given = tickets.next({ signal });
    await pass(50);
    expect(getEventListeners(signal, "abort").length).toBe(2);
    await pass(50);
    await given;
    await tickets.next({ signal });

    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test.each<[string, () => HeadersInit]>([
    [
      "throws",
      () => {
        throw new Error("no token");
      },
    ],
    ["fails", () => Promise.reject(new Error("no token")) as unknown as HeadersInit],
  ])("of nothing, for a source alone whose function for the CSRF token %s, lets the event loop turn", async (_, csrf) => {
    let asked = 0;
    const life = new AbortController();
    const count = (): HeadersInit => {
      if (++asked > 50) {
        life.abort(); // or it never ends
      }
      return csrf();
    };
    const given = new TicketSource({ csrf: count, backoff: () => 0 }).next({ signal: life.signal });
    for (let i = 0; i < 500; i++) {
      await Promise.resolve();
    }

    expect(asked).toBe(1);
    await pass(10);
    expect(asked).toBeGreaterThan(2);
    life.abort();
    await expect(given).rejects.toThrow("aborted");
  });

  test.each<[string, unknown, Backoff | undefined]>([
    ["less than nothing", -60_000, undefined],
    ["the least that there is", Number.NEGATIVE_INFINITY, undefined],
    ["less than nothing, with a backoff of nothing", -1, () => 0],
    ["no number", Number.NaN, () => 0],
    ["a text", "-1", () => 0],
    ["nothing", 0, () => 0],
  ])("for an error that asks for %s lets the event loop turn", async (_, retryAfter, backoff) => {
    let asked = 0;
    const life = new AbortController();
    const csrf = (): never => {
      if (++asked > 50) {
        life.abort(); // or it never ends
      }
      throw new TicketError("limited", 429, retryAfter as number);
    };
    const outcome = expect(new TicketSource({ csrf, backoff }).next({ signal: life.signal })).rejects.toThrow("aborted");
    for (let i = 0; i < 500; i++) {
      await Promise.resolve();
    }

    expect(asked).toBe(1);
    await pass(5_000);
    expect(asked).toBeGreaterThan(2);
    life.abort();
    await outcome;
  });

  test("that a script ends by the event of a network that is back lets the event loop turn", async () => {
    let isOver = false;
    const wait = pause(60_000, new AbortController().signal).then(() => {
      isOver = true;
    });
    happens("online");
    for (let i = 0; i < 500; i++) {
      await Promise.resolve();
    }

    expect(isOver).toBe(false);
    await pass(1);
    await wait;
  });

  test.each([Number.POSITIVE_INFINITY, 1e12])("for an error that asks for %d milliseconds lasts an hour", async (retryAfter) => {
    const delays: number[] = [];
    const next = () => Promise.reject(new TicketError("limited", 429, retryAfter));
    const { socket } = connect({ tickets: { next }, backoff: () => 10 });
    socket.onwaiting = ({ delay }) => delays.push(delay);
    const tickets = new TicketSource({ csrf: next, backoff: () => 10 });
    tickets.next({ onRetry: (_, delay) => delays.push(delay) });
    await pass();
    expect(delays).toEqual([3_600_010, 3_600_010]);
    await pass(3_600_010);

    expect(delays.length).toBe(4);
    socket.close();
  });

  test("of a backoff without an end lasts an hour", async () => {
    const { socket } = connect({ backoff: () => Number.POSITIVE_INFINITY });
    const delays: number[] = [];
    socket.onwaiting = ({ delay }) => delays.push(delay);
    await pass();
    Socket.last.ends();
    await pass(3_600_000);

    expect([Socket.all.length, delays]).toEqual([2, [3_600_000]]);
  });

  test.each<[string, number, Backoff]>([
    ["NaN", 0, () => Number.NaN],
    ["a negative number", 0, () => -1],
    ["a text", 0, () => "10s" as unknown as number],
    [
      "an error, which is reported",
      1,
      () => {
        throw new Error("the application's");
      },
    ],
  ])("of a backoff that gives %s is one with full jitter", async (_, reports, backoff) => {
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    connect({ backoff });
    await pass();
    Socket.last.ends();
    await pass(499);
    expect(Socket.all.length).toBe(1);
    await pass(1);

    expect([Socket.all.length, reported.mock.calls.length]).toEqual([2, reports]);
  });

  test("of a backoff that gives nothing lets the event loop turn, and one of an hour ends with the network", async () => {
    let asked = 0;
    new Endpoint(() => new TypeError("Failed to fetch"));
    const { socket } = connect({
      tickets: new TicketSource({ csrf: {}, backoff: () => (asked++ < 3 ? 0 : Number.POSITIVE_INFINITY) }),
    });
    await pass(1);
    await pass(60_000);
    expect(asked).toBe(4);
    happens("online");
    await pass();

    expect(asked).toBe(5);
    socket.close();
  });
});
