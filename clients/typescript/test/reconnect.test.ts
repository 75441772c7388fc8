// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { fullJitter, TicketError, TicketSource, TicketWebSocket, type TicketWebSocketOptions } from "../src/index.js";
import { Endpoint, refusal, silence, ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, happens, pass, Socket } from "./sockets.js";

beforeEach(browser);

/** A connection, what it tells, and of its waits how long they are. */
function waiting(options: TicketWebSocketOptions) {
  const connection = connect(options);
  const delays: number[] = [];
  connection.socket.onwaiting = ({ delay }) => delays.push(Math.round(delay));
  return { ...connection, delays };
}

describe("A ticket WebSocket that lost its connection", () => {
  test("waits longer with each failure, and begins anew after a stable connection", async () => {
    const failures: number[] = [];
    const backoff = (count: number): number => {
      failures.push(count);
      return 100;
    };
    connect({ backoff, stableAfter: 5_000 });
    await pass();
    for (const lasts of [undefined, undefined, 4_999, 5_000, undefined]) {
      if (lasts !== undefined) {
        Socket.last.opens();
        await pass(lasts);
      }
      Socket.last.ends(1012);
      await pass(100);
    }

    expect(failures).toEqual([0, 1, 2, 0, 1]);
  });

  test.each([3003, 4403])("stays closed after the code %i", async (code) => {
    const { socket, told } = connect();
    await pass();
    Socket.last.opens();
    Socket.last.ends(code);
    await pass(3_600_000);

    expect([Socket.all.length, socket.readyState, told]).toEqual([1, 3, ["open 1", "close 3"]]);
  });

  test.each([1000, 1001, 1005, 1006, 1008, 1011, 1012, 1013, 3000, 4000, 4401])("comes back after the code %i", async (code) => {
    connect();
    await pass();
    Socket.last.opens();
    Socket.last.ends(code);
    await pass(1_000);

    expect(Socket.all.length).toBe(2);
  });

  test("stays closed after the codes of the application", async () => {
    const { socket } = connect({ terminalCodes: [4999] });
    await pass();
    Socket.last.ends(1000);
    await pass(1_000);
    Socket.last.ends(4999);
    await pass(3_600_000);

    expect([Socket.all.length, socket.readyState]).toEqual([2, 3]);
  });

  test("stops when the user is logged out, says why, and drops what waits", async () => {
    const tickets = endlessTickets();
    const { socket, told } = connect({ tickets });
    const errors: unknown[] = [];
    socket.onerror = ({ error }) => errors.push(error);
    await pass();
    Socket.last.opens();
    tickets.next = () => Promise.reject(new TicketError("logged-out", 401));
    Socket.last.ends(3000);
    socket.send("of the user before");
    await pass(3_600_000);

    expect(told).toEqual(["open 1", "close 0", "waiting 0", "error 3", "close 3"]);
    expect(errors).toMatchObject([{ reason: "logged-out" }]);
    expect([Socket.all.length, socket.bufferedAmount]).toEqual([1, 0]);
  });

  test("gives up an attempt that takes too long before it makes another", async () => {
    connect({ connectTimeout: 3_000 });
    await pass(2_999);
    expect(Socket.last.readyState).toBe(0);
    await pass(1);
    expect(Socket.last.readyState).toBe(2);
    await pass(1_020);

    expect(Socket.all.map(({ readyState }) => readyState)).toEqual([3, 0]);
  });

  test("begins anew after a stable connection whatever became of the clock meanwhile", async () => {
    const failures: number[] = [];
    connect({ backoff: (count) => failures.push(count) && 100 });
    await pass();
    for (let i = 0; i < 3; i++) {
      Socket.last.opens();
      await pass(6_000);
      vi.setSystemTime(Date.now() - 3_600_000);
      Socket.last.ends(1012);
      await pass(100);
    }

    expect(failures).toEqual([0, 0, 0]);
  });

  test("gives up after so many retries without a stable connection", async () => {
    const { socket } = connect({ maxRetries: 2 });
    await pass();
    Socket.last.opens();
    await pass(5_000);
    for (let i = 0; i < 3; i++) {
      expect(socket.readyState).not.toBe(3);
      Socket.last.ends(1012);
      await pass(1_000);
    }

    expect([Socket.all.length, socket.readyState]).toEqual([3, 3]);
  });

  test.each([0, 5_000])("counts an attempt that never was open as a failure, with stableAfter: %i", async (stableAfter) => {
    const failures: number[] = [];
    const backoff = (count: number): number => failures.push(count) && 100;
    const address = (): Promise<string> => Promise.reject(new Error("no address"));
    const options = { tickets: endlessTickets(), stableAfter, backoff, maxRetries: 3 };
    const socket = new TicketWebSocket(address, [], options);
    socket.open();
    await pass(60_000);

    expect([failures, socket.readyState]).toEqual([[0, 1, 2], 3]);
  });

  test("counts a refused attempt as a failure, with stableAfter: 0", async () => {
    const failures: number[] = [];
    const { socket } = connect({ stableAfter: 0, maxRetries: 2, backoff: (count) => failures.push(count) && 100 });
    for (let i = 0; i < 3; i++) {
      await pass(100);
      Socket.last.ends();
    }
    await pass(60_000);

    expect([failures, socket.readyState]).toEqual([[0, 1], 3]);
  });

  test("gives up after so many retries without a ticket, too", async () => {
    const endpoint: Endpoint = new Endpoint(() => new TypeError("Failed to fetch"));
    const { socket, told } = connect({ maxRetries: 1, tickets: undefined });
    await pass(3_600_000);

    expect([endpoint.requests.length, socket.readyState, told.at(-1)]).toEqual([4, 3, "close 3"]);
  });

  test("tells how long the endpoint asked to wait after the last retry of its source, too", async () => {
    const limited = (): Response => new Response(null, { status: 429, headers: { "Retry-After": "60" } });
    const endpoint: Endpoint = new Endpoint(limited, limited, () => endpoint.issue());
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { socket } = connect({ maxRetries: 1, tickets: undefined });
    const delays: number[] = [];
    socket.onwaiting = ({ delay }) => delays.push(delay);
    await pass(121_000);

    expect([delays, endpoint.requests.length, Socket.all.length]).toEqual([[60_000, 61_000], 3, 1]);
    socket.close();
  });

  test.each([
    [60_000, 61_000],
    ["60000", 1_000],
    [-60_000, 1_000],
    [Number.NaN, 1_000],
    [undefined, 1_000],
  ])("waits as an error of another copy of this package asks: with retryAfter %j for %i ms", async (retryAfter, expected) => {
    const foreign = Object.assign(new Error("no ticket"), { name: "TicketError", reason: "limited", final: false, retryAfter });
    const { socket, delays } = waiting({ tickets: { next: () => Promise.reject(foreign) } });
    await pass(10);

    expect(delays).toEqual([expected]);
    socket.close();
  });

  test("goes on whatever odd thing is thrown", async () => {
    const socket = new TicketWebSocket(() => Promise.reject(Object.create(null)), [], {
      tickets: endlessTickets(),
      backoff: () => 1_000,
      debug: () => {},
    });
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    let errors = 0;
    socket.onerror = () => errors++;
    socket.open();
    await pass(3_100);

    expect([errors, socket.readyState]).toEqual([4, 0]);
    socket.close();
  });

  test("makes no other attempt if the application does not want one", async () => {
    const codes: unknown[] = [];
    const { socket } = connect({
      shouldReconnect: (event) => {
        codes.push((event as CloseEvent).code);
        return codes.length < 2;
      },
    });
    await pass();
    Socket.last.ends(4000);
    await pass(1_000);
    Socket.last.ends(4001);
    await pass(60_000);

    expect([codes, Socket.all.length, socket.readyState]).toEqual([[4000, 4001], 2, 3]);
  });

  test("comes back if the function that is asked throws, which is reported", async () => {
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    connect({
      shouldReconnect: () => {
        throw new Error("the application's");
      },
      debug: () => {
        throw new Error("the application's, too");
      },
    });
    await pass();
    Socket.last.ends(4000);
    await pass(1_000);

    expect(Socket.all.length).toBe(2);
    expect(reported).toHaveBeenCalledWith(new Error("the application's"));
  });

  test("tells the waits of a source to each of its connections", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new Promise((_, reject) => setTimeout(() => reject(new TypeError("Failed to fetch")), 10)),
      () => endpoint.issue(),
    );
    const tickets = new TicketSource({ csrf: {}, backoff: () => 500 });
    const [first, second] = [connect({ tickets }), connect({ tickets })];
    await pass(20);

    expect([first.told, second.told]).toEqual([
      ["error 0", "waiting 0"],
      ["error 0", "waiting 0"],
    ]);
  });

  test("tells the wait of a source to those who ask meanwhile, each what is left of it", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new TypeError("Failed to fetch"),
      () => new TypeError("Failed to fetch"),
      () => silence,
    );
    const tickets = new TicketSource({ csrf: {}, backoff: () => 30_000 });
    connect({ tickets });
    await pass(10);
    const { told, delays } = waiting({ tickets });
    await pass(20_000);
    expect([told, delays]).toEqual([["error 0", "waiting 0"], [29_990]]);
    await pass(10_000);
    expect([told.length, delays]).toEqual([4, [29_990, 30_000]]);
    happens("online");
    await pass();
    const late = waiting({ tickets });
    await pass();

    expect([endpoint.requests.length, late.told]).toEqual([3, []]);
  });

  test("is told no wait of a caller that gave up", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new TypeError("Failed to fetch"),
      () => endpoint.issue(),
    );
    const tickets = new TicketSource({ csrf: {}, backoff: () => 30_000 });
    const { socket } = connect({ tickets });
    await pass(10);
    socket.close();
    await pass();
    const { told } = connect({ tickets });
    await pass();

    expect([told, Socket.all.length]).toEqual([[], 1]);
  });

  test("tells again, after a reconnect(), how long the endpoint asked to wait", async () => {
    new Endpoint(refusal(503, { "Retry-After": "3600" }));
    const { socket, told, delays } = waiting({ tickets: new TicketSource({ csrf: {}, backoff: () => 0 }) });
    await pass(600_000);
    socket.reconnect();
    await pass(1);

    expect([told, delays]).toEqual([
      ["error 0", "waiting 0", "error 0", "waiting 0"],
      [3_600_000, 3_000_000],
    ]);
    socket.close();
  });

  test("tells the others how long the endpoint asked to wait when one has had its last retry", async () => {
    new Endpoint(() => new Promise((resolve) => setTimeout(() => resolve(refusal(503, { "Retry-After": "60" })()), 10)));
    const tickets = new TicketSource({ csrf: {}, maxRetries: 0, backoff: () => 0 });
    const [first, second] = [waiting({ tickets, maxRetries: 0 }), waiting({ tickets })];
    await pass(10);

    expect([first.told, second.told]).toEqual([
      ["error 3", "close 3"],
      ["error 0", "waiting 0"],
    ]);
    expect([first.delays, second.delays]).toEqual([[], [60_000]]);
  });

  test("tells the source's waits as its own", async () => {
    const tickets = endlessTickets();
    const next = tickets.next.bind(tickets);
    tickets.next = async ({ signal, onRetry } = {}) => {
      onRetry?.(new TicketError("limited", 429, 5_000), 5_500);
      return next(signal ? { signal } : {});
    };
    const { socket, told } = connect({ tickets });
    let delay = 0;
    socket.onwaiting = (event) => {
      delay = event.delay;
    };
    await pass();

    expect([told, delay]).toEqual([["error 0", "waiting 0"], 5_500]);
  });
});

test("400 clients that were dropped at once come back spread over the window", async () => {
  const clients = Array.from({ length: 400 }, () => new TicketWebSocket(ADDRESS, [], { tickets: endlessTickets() }));
  for (const client of clients) {
    client.open();
  }
  await pass();
  for (const socket of Socket.live) {
    socket.opens();
  }
  await pass(10_000);
  for (const socket of Socket.live) {
    socket.ends(1012);
  }

  const histogram: number[] = [];
  for (let before = 400; histogram.length < 20; before = Socket.all.length) {
    await pass(50);
    histogram.push(Socket.all.length - before);
  }

  console.info(`400 clients came back, in each 50 ms:\n${histogram.map((count) => `${"#".repeat(count)} ${count}`).join("\n")}`);
  expect(Socket.all.length).toBeGreaterThanOrEqual(790);
  // 20 is even, with a standard deviation of 4.4: beyond 50 is lockstep.
  expect(Math.max(...histogram)).toBeLessThan(50);
  expect(Math.min(...histogram)).toBeGreaterThan(0);
  expect(new Set(Socket.all.slice(400).map((socket) => socket.ticket))).toEqual(new Set([ticket(1)]));
  expect(Socket.live.length).toBeLessThanOrEqual(400);
  vi.useRealTimers();
  expect(fullJitter()(0)).toBeLessThan(1_000);
}, 120_000);
