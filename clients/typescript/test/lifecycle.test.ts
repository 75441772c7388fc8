// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketSource, TicketWebSocket } from "../src/index.js";
import { Endpoint, ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

/** Lets the network or the page go and come back, for whoever looks. */
function away(state: "offline" | "hidden", value: boolean): void {
  Object.assign(navigator, { onLine: state !== "offline" || !value });
  Object.assign(document, { hidden: state === "hidden" && value });
}

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
    await pass(1);

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
});

describe("Waiting", () => {
  test.each(["offline", "hidden"] as const)("ends within a second when the page is not %s any more", async (state) => {
    connect({ backoff: () => 30_000 });
    await pass();
    away(state, true);
    Socket.last.ends();
    await pass(10_000);
    expect(Socket.all.length).toBe(1);
    away(state, false);
    await pass(1_000);

    expect(Socket.all.length).toBe(2);
  });

  test("goes on to its end while the browser says offline, which may be wrong", async () => {
    connect({ backoff: () => 5_000 });
    await pass();
    away("offline", true);
    Socket.last.ends();
    await pass(5_000);

    expect(Socket.all.length).toBe(2);
  });

  test("for the endpoint ends when the network is back", async () => {
    const endpoint: Endpoint = new Endpoint(
      () => new TypeError("Failed to fetch"),
      () => endpoint.issue(),
    );
    away("offline", true);
    connect({ tickets: new TicketSource({ csrf: {}, backoff: () => 30_000 }) });
    await pass(3_500);
    away("offline", false);
    await pass(1_000);

    expect([endpoint.requests.length, Socket.all.length]).toEqual([2, 1]);
  });
});
