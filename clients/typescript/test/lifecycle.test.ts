// SPDX-License-Identifier: Apache-2.0
import { getEventListeners } from "node:events";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketSource, TicketWebSocket } from "../src/index.js";
import { Endpoint, ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, happens, pass, Socket } from "./sockets.js";

beforeEach(browser);

const FORBIDDEN = { disposition: "enforce", effectiveDirective: "connect-src" };

describe("Opening and closing", () => {
  test("as StrictMode does it costs one request and one connection", async () => {
    const endpoint: Endpoint = new Endpoint();
    const socket = new TicketWebSocket(ADDRESS, [], { tickets: new TicketSource({ csrf: {}, first: null }) });

    socket.open();
    socket.close();
    socket.open();
    await pass();

    expect([endpoint.requests.length, Socket.all.length, Socket.last.ticket]).toEqual([1, 1, ticket(0)]);
  });

  test("as StrictMode does it does not use up the ticket of the page", async () => {
    const endpoint: Endpoint = new Endpoint();
    vi.setSystemTime(performance.timeOrigin);
    const tickets = new TicketSource({ csrf: {}, first: ticket(99) });

    const discarded = new TicketWebSocket(ADDRESS, [], { tickets });
    discarded.open();
    discarded.close();
    new TicketWebSocket(ADDRESS, [], { tickets }).open();
    await pass();

    expect([endpoint.requests.length, Socket.all.length, Socket.last.ticket]).toEqual([0, 1, ticket(99)]);
  });

  test("opening twice opens once", async () => {
    const { socket } = connect();
    socket.open();
    await pass();
    socket.open();
    await pass(1_000);

    expect(Socket.all.length).toBe(1);
  });

  test("a ticket that comes after closing is dropped", async () => {
    let answer: (text: string) => void = () => {};
    const late = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const { socket, told } = connect({ tickets: { next: () => late } });
    await pass();
    socket.close();
    expect(socket.readyState).toBe(3);
    answer(ticket(0));
    await pass(60_000);

    expect([Socket.all, told]).toEqual([[], ["close 3"]]);
  });

  test("an attempt that is closed ends as the browser's own, and no other follows", async () => {
    const { socket, told } = connect();
    await pass();
    socket.close();
    expect(socket.readyState).toBe(2);
    await pass(60_000);

    expect([Socket.all.length, told]).toEqual([1, ["error 2", "close 3"]]);
  });

  test("closing while it waits ends the wait", async () => {
    const { socket, told } = connect();
    await pass();
    Socket.last.ends(1012);
    await pass(500);
    socket.close();
    await pass(60_000);

    expect([Socket.all.length, told]).toEqual([1, ["close 0", "waiting 0", "close 3"]]);
  });

  test("never has two sockets: opened again, it waits for the old one's end", async () => {
    const { socket } = connect();
    await pass();
    Socket.last.opens();
    socket.close();
    socket.open();
    await pass(19);
    expect([Socket.all.length, socket.readyState]).toEqual([1, 0]);
    await pass(2);

    expect(Socket.all.map(({ readyState }) => readyState)).toEqual([3, 0]);
  });

  test("an AbortSignal closes it, and an aborted one opens nothing", async () => {
    const life = new AbortController();
    const socket = new TicketWebSocket(ADDRESS, [], { tickets: endlessTickets() });
    socket.open({ signal: life.signal });
    await pass();
    Socket.last.opens();
    life.abort();
    await pass(60_000);
    socket.open({ signal: life.signal });
    await pass(60_000);

    expect([Socket.all.length, socket.readyState]).toEqual([1, 3]);
  });

  test("can be opened again after it was closed, whatever became of the first signal", async () => {
    const life = new AbortController();
    const socket = new TicketWebSocket(ADDRESS, [], { tickets: endlessTickets() });
    socket.open({ signal: life.signal });
    socket.close();
    socket.open();
    life.abort();
    await pass();

    expect([Socket.live.length, socket.readyState]).toEqual([1, 0]);
  });

  test("with a signal heeds it even if it is open already", async () => {
    const life = new AbortController();
    const { socket } = connect();
    await pass();
    Socket.last.opens();
    socket.open({ signal: life.signal });
    life.abort();
    await pass(20);

    expect([Socket.all.length, socket.readyState]).toEqual([1, 3]);
  });

  test("with a signal heeds it after an end and a reconnect(), too, and an aborted one opens nothing", async () => {
    const life = new AbortController();
    const { socket } = connect();
    socket.open({ signal: life.signal });
    await pass();
    Socket.last.ends(3003);
    await pass();
    expect(getEventListeners(life.signal, "abort")).toEqual([]);
    socket.reconnect();
    await pass();
    Socket.last.opens();
    life.abort();
    await pass(20);
    expect([Socket.all.length, socket.readyState]).toEqual([2, 3]);
    socket.reconnect();
    await pass(60_000);

    expect([Socket.all.length, socket.readyState]).toEqual([2, 3]);
  });

  test("1,000 times with a signal leaves one listener there, and none when it is closed", async () => {
    const life = new AbortController();
    const { socket } = connect();
    for (let i = 0; i < 1_000; i++) {
      socket.open({ signal: life.signal });
    }
    expect(getEventListeners(life.signal, "abort").length).toBe(1);
    socket.close();

    expect(getEventListeners(life.signal, "abort")).toEqual([]);
  });

  test("tells its end where there is no CloseEvent, as in Node.js 20", async () => {
    vi.stubGlobal("CloseEvent", undefined);
    const { socket } = connect();
    const ends: unknown[] = [];
    socket.onclose = ({ type, code, reason, wasClean }) => ends.push({ type, code, reason, wasClean });
    socket.close();
    await pass();

    expect(ends).toEqual([{ type: "close", code: 1006, reason: "", wasClean: false }]);
  });
});

describe("A function of the application that closes", () => {
  test.each([
    ["debug", []],
    ["shouldReconnect", [1]],
    ["backoff", [1]],
  ])("%s ends it for good: nothing is opened, and one end is told", async (name, sockets) => {
    const close = (message?: unknown): boolean | number => {
      if (name !== "debug" || message === "connecting") {
        socket.close();
      }
      return name === "backoff" ? 10 : true;
    };
    const { socket, told } = connect({ [name]: close });
    await pass();
    Socket.all[0]?.opens();
    Socket.all[0]?.says("hello");
    Socket.all[0]?.ends();
    await pass(60_000);

    expect(Socket.all.map(() => 1)).toEqual(sockets);
    expect([socket.readyState, told.filter((line) => line.startsWith("close") || line.startsWith("waiting"))]).toEqual([
      3,
      ["close 3"],
    ]);
    expect(Socket.live).toEqual([]);
  });
});

describe("A violation of the page's policy", () => {
  test.each([
    ["https://realtime.example"],
    ["wss"],
    ["wss://realtime.example/ch"],
    ["wss://realtime.example/chat"],
    ["wss://realtime.example/chat?ticket=another"],
  ])("of %s says nothing of this attempt", async (blockedURI) => {
    const { told } = connect();
    await pass();
    dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { blockedURI, ...FORBIDDEN }));
    await pass();
    expect([Socket.last.readyState, told]).toEqual([0, []]);

    // What Chromium tells of a socket that was forbidden: the end follows, and another attempt.
    Socket.last.dispatchEvent(new Event("error"));
    await pass(3_000);

    expect(told).toEqual(["error 0", "close 0", "waiting 0"]);
  });

  test("of its very address ends it", async () => {
    const { told } = connect();
    await pass();
    dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { blockedURI: Socket.last.url, ...FORBIDDEN }));
    await pass(60_000);

    expect([Socket.all.length, told]).toEqual([1, ["error 3", "close 3"]]);
  });
});

describe("Reconnecting", () => {
  test("ends the wait and begins the backoff anew", async () => {
    const failures: number[] = [];
    const { socket, told } = connect({ backoff: (count) => failures.push(count) && 30_000 });
    await pass();
    Socket.last.ends(1012);
    await pass(1);
    socket.reconnect();
    await pass(1);
    Socket.last.ends(1012);
    await pass(1);

    expect([Socket.all.length, failures]).toEqual([2, [0, 0]]);
    expect(told).toEqual(["close 0", "waiting 0", "close 0", "waiting 0"]);
    socket.close();
  });

  test("opens what is closed", async () => {
    const { socket } = connect();
    socket.close();
    await pass();
    socket.reconnect();
    await pass();

    expect(Socket.all.length).toBe(1);
    socket.close();
  });

  test("of what is closing waits for no handshake, and opens it", async () => {
    const { socket, told } = connect();
    await pass();
    Socket.last.opens();
    Socket.last.close = () => {};
    socket.close();
    socket.reconnect();
    await pass(1);

    expect([Socket.all.length, socket.readyState, told]).toEqual([2, 0, ["open 1", "close 0"]]);
    socket.close();
  });

  test("is told as no end, and closing as one, without a ticket too", async () => {
    const { socket, told } = connect({ tickets: { next: () => new Promise(() => {}) } });
    await pass();
    socket.reconnect();
    socket.reconnect();
    await pass(1);
    expect([socket.readyState, told]).toEqual([0, []]);
    socket.reconnect();
    socket.close();
    await pass(1);

    expect(told).toEqual(["close 3"]);
  });

  test("keeps the signal, and what waits to be sent", async () => {
    const life = new AbortController();
    const { socket } = connect();
    socket.open({ signal: life.signal });
    socket.send("x");
    await pass();
    socket.reconnect();
    await pass(1);
    Socket.last.opens();
    expect(Socket.last.sent).toEqual(["x"]);
    life.abort();
    await pass(20);

    expect([Socket.live.length, socket.readyState]).toEqual([0, 3]);
  });

  test("goes on after the options would have ended it", async () => {
    const { socket } = connect({ maxRetries: 0, shouldReconnect: () => false });
    await pass();
    Socket.last.opens();
    socket.reconnect();
    await pass(1);

    expect([Socket.all.length, socket.readyState]).toEqual([2, 0]);
    socket.close();
  });

  test("in the listener of an attempt that fails at once lets the event loop turn", async () => {
    let asked = 0;
    const socket = new TicketWebSocket(
      () => {
        asked++;
        throw new Error("none");
      },
      [],
      { tickets: endlessTickets() },
    );
    socket.onerror = () => socket.reconnect();
    socket.open();
    for (let i = 0; i < 100; i++) {
      await Promise.resolve();
    }

    expect(asked).toBe(1);
    await pass(10);
    expect(asked).toBeGreaterThan(2);
    socket.close();
  });

  test("follows a network that was away while it was open", async () => {
    const { socket } = connect({ backoff: () => 30_000 });
    await pass();
    Socket.last.opens();
    happens("online");
    await pass(1);

    expect(Socket.all.length).toBe(2);
    socket.close();
  });

  test("of a network that was away begins the backoff anew", async () => {
    const failures: number[] = [];
    const { socket } = connect({ backoff: (count) => failures.push(count) && 1_000 });
    for (let i = 0; i < 3; i++) {
      await pass(1_000);
      Socket.last.ends();
      await pass();
    }
    await pass(1_000);
    happens("online");
    await pass(1);
    Socket.last.ends();
    await pass();

    expect(failures).toEqual([0, 1, 2, 1]);
    socket.close();
  });

  test("follows a network that was away while it hung", async () => {
    const { socket, told } = connect({ backoff: () => 30_000 });
    await pass();
    happens("online");
    await pass(1);
    expect([Socket.all.length, told]).toEqual([2, ["close 0", "waiting 0"]]);

    Socket.last.opens();
    await pass(60_000);

    expect(Socket.live.length).toBe(1);
    socket.close();
  });

  test("does not follow such a network if there may be one connection only, as for a library that makes the next one", async () => {
    const { socket, told } = connect({ maxRetries: 0 });
    await pass();
    Socket.last.opens();
    happens("online");
    await pass(60_000);

    expect([Socket.all.length, socket.readyState, told]).toEqual([1, 3, ["open 1", "close 3"]]);
  });

  test("while there is no ticket yet has no effect on what follows", async () => {
    const failures: number[] = [];
    const { socket } = connect({ backoff: (count) => failures.push(count) && 1_000 });
    socket.reconnect();
    await pass();
    Socket.last.opens();
    Socket.last.ends(1012);
    await pass(999);

    expect([Socket.all.length, failures]).toEqual([1, [0]]);
    socket.close();
  });
});
