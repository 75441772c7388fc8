// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketError, TicketSource, TicketWebSocket } from "../src/index.js";
import { Endpoint, silence, ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

/** For ever. */
const never = <T>(): Promise<T> => new Promise(() => {});

describe("Somebody who never answers", () => {
  test("as a socket that tells an error and no end, which Chromium's does if the page's policy forbids it, is given up", async () => {
    const { socket, told } = connect();
    await pass();
    Socket.last.dispatchEvent(new Event("error"));
    await pass(1_999);
    expect(told).toEqual(["error 0"]);
    await pass(1);
    expect(told).toEqual(["error 0", "close 0", "waiting 0"]);
    await pass(1_000);

    expect(Socket.all.length).toBe(2);
    socket.close();
  });

  test("in the closing handshake does not hold up the end, and is not heard any more", async () => {
    const { socket, told } = connect();
    const codes: number[] = [];
    socket.onclose = ({ code }) => codes.push(code);
    await pass();
    const half = Socket.last;
    half.opens();
    half.close = () => {
      half.readyState = 2;
    };
    socket.close(1000);
    await pass(1_999);
    expect(socket.readyState).toBe(socket.CLOSING);
    await pass(1);
    expect([socket.readyState, codes]).toEqual([socket.CLOSED, [1006]]);
    half.says("late");
    half.ends(1000);
    await pass(60_000);

    expect([told, codes]).toEqual([["open 1", "close 3"], [1006]]);
  });

  test("in the closing handshake does not hold up another connection for longer than two seconds", async () => {
    const { socket } = connect();
    await pass();
    Socket.last.opens();
    Socket.last.close = () => {};
    socket.close();
    socket.open();
    await pass(2_001);

    expect(Socket.all.length).toBe(2);
    socket.close();
  });

  test("is not waited for to reconnect", async () => {
    const { socket, told } = connect();
    await pass();
    const half = Socket.last;
    half.opens();
    half.close = () => {};
    socket.reconnect();
    await pass(1);
    Socket.last.opens();
    half.says("late");
    half.ends(1000);

    expect([Socket.all.length, told]).toEqual([2, ["open 1", "close 0", "open 1"]]);
  });

  test("as the function for the CSRF token is given up after the timeout", async () => {
    const endpoint: Endpoint = new Endpoint();
    const answers = [never<HeadersInit>()];
    const tickets = new TicketSource({ csrf: () => answers.shift() ?? {}, timeout: 3_000, backoff: () => 10 });
    const first = tickets.next();
    const second = tickets.next();
    await pass(2_999);
    expect(endpoint.requests.length).toBe(0);
    await pass(20);

    expect(await Promise.all([first, second])).toEqual([ticket(0), ticket(1)]);
  });

  test("as the function for the CSRF token, without a timeout, ends with its caller, and serves the next", async () => {
    new Endpoint();
    const answers = [never<HeadersInit>()];
    const tickets = new TicketSource({ csrf: () => answers.shift() ?? {}, timeout: Number.POSITIVE_INFINITY });
    const life = new AbortController();
    const gone = tickets.next({ signal: life.signal });
    const next = tickets.next();
    await pass(3_600_000);
    life.abort();

    await expect(gone).rejects.toThrow("aborted");
    expect(await next).toBe(ticket(0));
  });

  test("as a fetch that heeds no signal is given up", async () => {
    const tickets = new TicketSource({ csrf: {}, fetch: () => never(), timeout: 1_000, backoff: () => 9_000, maxRetries: 1 });
    const given = tickets.next();
    const outcome = expect(given).rejects.toMatchObject({ reason: "unavailable", cause: { name: "TimeoutError" } });
    await pass(11_000);

    await outcome;
  });

  test("as an endpoint whose answer has no end is given up, and its request", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"status":')) })),
      () => endpoint.issue(),
    );
    const given = new TicketSource({ csrf: {}, timeout: 3_000, backoff: () => 10 }).next();
    await pass(2_999);
    expect([endpoint.requests.length, endpoint.requests[0]?.signal.aborted]).toEqual([1, false]);
    await pass(20);

    expect(await given).toBe(ticket(0));
    expect(endpoint.requests[0]?.signal.aborted).toBe(true);
  });

  test("as the function for the address is given up after the time of an attempt, and closed at any time", async () => {
    let asked = 0;
    const address = (): Promise<string> => {
      asked++;
      return never();
    };
    const socket = new TicketWebSocket(address, [], { tickets: endlessTickets(), connectTimeout: 3_000, backoff: () => 500 });
    const errors: unknown[] = [];
    socket.onerror = ({ error }) => errors.push(error);
    socket.open();
    await pass(3_500);
    expect([asked, errors]).toMatchObject([2, [{ name: "TimeoutError" }]]);
    socket.close();
    socket.open();
    await pass();

    expect(asked).toBe(3);
    socket.close();
  });

  test("as the function for the address does not hold up the end, even if it closes the connection itself", async () => {
    const told: string[] = [];
    const socket = new TicketWebSocket(
      () => {
        socket.close();
        return never();
      },
      [],
      { tickets: endlessTickets() },
    );
    socket.onclose = () => told.push(`close ${socket.readyState}`);
    socket.open();
    await pass();

    expect(told).toEqual(["close 3"]);
  });

  test("as a source that waits for its endpoint is not waited for to reconnect", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new TypeError("Failed to fetch"),
      () => endpoint.issue(),
    );
    const { socket, told } = connect({ tickets: new TicketSource({ csrf: {}, backoff: () => 30_000 }) });
    await pass(10);
    expect(told).toEqual(["error 0", "waiting 0"]);
    socket.reconnect();
    await pass(1);

    expect([endpoint.requests.length, Socket.all.length, told.length]).toEqual([2, 1, 2]);
    socket.close();
  });

  test("as a request that hangs is not waited for to reconnect", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => silence,
      () => endpoint.issue(),
    );
    const { socket, told } = connect({ tickets: new TicketSource({ csrf: {} }) });
    await pass(10);
    socket.reconnect();
    await pass(1);

    expect([endpoint.requests[0]?.signal.aborted, Socket.all.length, told]).toEqual([true, 1, []]);
    socket.close();
  });

  test("as a source that heeds no signal does not hold up the end", async () => {
    const { socket, told } = connect({ tickets: { next: never } });
    await pass();
    socket.close();
    await pass();

    expect([socket.readyState, told]).toEqual([3, ["close 3"]]);
  });

  test("as a source that tells of retries when it is over is not heard any more", async () => {
    const retries: (() => void)[] = [];
    const tickets = endlessTickets();
    const { socket, told } = connect({
      tickets: {
        next: ({ onRetry, ...options } = {}) => {
          retries.push(() => onRetry?.(new TicketError("unavailable"), 10));
          return retries.length < 2 ? tickets.next(options) : never();
        },
      },
    });
    await pass();
    Socket.last.opens();
    retries[0]?.();
    expect(told).toEqual(["open 1"]);
    socket.reconnect();
    await pass(1);
    socket.close();
    retries[1]?.();
    await pass();

    expect(told).toEqual(["open 1", "close 0", "close 3"]);
  });

  test("as the endpoint is given up in a browser without AbortSignal.any and AbortSignal.timeout", async () => {
    vi.stubGlobal("AbortSignal", Object.create(AbortSignal, { any: {}, timeout: {} }));
    const endpoint: Endpoint = new Endpoint(
      () => silence,
      () => endpoint.issue(),
    );
    const given = new TicketSource({ csrf: {}, timeout: 1_000, backoff: () => 100 }).next();
    await pass(1_100);

    expect(await given).toBe(ticket(0));
  });
});

describe("Closing in a listener", () => {
  test.each(["close", "error", "waiting"] as const)("of %s ends at once, and no wait is told after it", async (type) => {
    const { socket, told } = connect({ backoff: () => 30_000 });
    socket.addEventListener(type, () => socket.close());
    await pass();
    Socket.last.ends();
    await pass();

    expect(socket.readyState).toBe(3);
    expect(told.at(-1)).toBe("close 3");
    expect(told.filter((line) => line.startsWith("waiting"))).toEqual(type === "waiting" ? ["waiting 0"] : []);
    await pass(60_000);
    expect(told.at(-1)).toBe("close 3");
  });

  test.each(["error", "waiting"] as const)("of %s while the source waits leaves it to the others", async (type) => {
    const endpoint: Endpoint = new Endpoint(
      () => new Promise((_, reject) => setTimeout(() => reject(new TypeError("Failed to fetch")), 10)),
      () => endpoint.issue(),
    );
    const tickets = new TicketSource({ csrf: {}, backoff: () => 30_000 });
    const { socket, told } = connect({ tickets });
    socket.addEventListener(type, () => socket.close());
    await pass();
    const other = tickets.next();
    await pass(20);

    expect(await other).toBe(ticket(0));
    expect([socket.readyState, told.at(-1)]).toEqual([3, "close 3"]);
    expect(told.filter((line) => line.startsWith("waiting")).length).toBe(type === "waiting" ? 1 : 0);
  });

  test("and opening in a listener of an attempt that fails at once lets the event loop turn", async () => {
    let asked = 0;
    const address = (): string => {
      asked++;
      return "ftp://files.example/";
    };
    const socket = new TicketWebSocket(address, [], { tickets: endlessTickets() });
    socket.onclose = () => socket.open();
    socket.open();
    for (let i = 0; i < 200; i++) {
      await Promise.resolve();
    }

    expect(asked).toBe(1);
    await pass(10);
    expect(asked).toBeGreaterThan(2);
    socket.onclose = null;
    socket.close();
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    "in the turn in which the ticket comes, %i steps later, leaves no socket",
    async (steps) => {
      let give: (text: string) => void = () => {};
      const given = new Promise<string>((resolve) => {
        give = resolve;
      });
      const { socket } = connect({ tickets: { next: () => given } });
      await pass();
      give(ticket(0));
      for (let i = 0; i < steps; i++) {
        await Promise.resolve();
      }
      socket.close();
      await pass(100);

      expect([socket.readyState, Socket.live.length]).toEqual([3, 0]);
    },
  );

  test("by an abort is the same", async () => {
    const life = new AbortController();
    const socket = new TicketWebSocket(ADDRESS, [], { tickets: endlessTickets(), backoff: () => 30_000 });
    const told: string[] = [];
    socket.onclose = () => {
      told.push(`close ${socket.readyState}`);
      life.abort();
    };
    socket.onwaiting = () => told.push("waiting");
    socket.open({ signal: life.signal });
    await pass();
    Socket.last.ends();
    await pass();

    expect(told).toEqual(["close 0", "close 3"]);
  });
});
