// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketError, TicketEventSource, type TicketEventSourceOptions } from "../src/index.js";
import { ticket } from "./endpoint.js";
import { browser, endlessTickets, pass } from "./sockets.js";

/** The browser's EventSource, with the test at the other end. */
class Stream extends EventTarget {
  static all: Stream[] = [];
  readonly query: Record<string, string>;
  readonly withCredentials: boolean;
  readyState = 0;

  constructor(url: string, { withCredentials = false }: EventSourceInit) {
    super();
    this.query = Object.fromEntries(new URL(url).searchParams);
    this.withCredentials = withCredentials;
    Stream.all.push(this);
  }

  static get last(): Stream {
    return Stream.all.at(-1) as Stream;
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  sends(data: string, lastEventId = "", type = "message"): void {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId }));
  }

  /** The browser's own would come back by itself now, unless it is closed. */
  loses(): void {
    this.readyState = 0;
    this.dispatchEvent(new Event("error"));
  }

  close(): void {
    this.readyState = 2;
  }
}

beforeEach(() => {
  browser();
  Stream.all = [];
  vi.stubGlobal("EventSource", Stream);
});

function listen(options: TicketEventSourceOptions = {}) {
  const source = new TicketEventSource("https://realtime.example/feed?x=1", {
    tickets: endlessTickets(),
    backoff: () => 1_000,
    ...options,
  });
  const told: string[] = [];
  for (const type of ["open", "message", "error", "waiting"]) {
    source.addEventListener(type, () => told.push(`${type} ${source.readyState}`));
  }
  source.open();
  return { source, told };
}

describe("A ticket event source", () => {
  test("T14: has a new ticket for each attempt, and takes up the last event's id", async () => {
    const { told } = listen();
    await pass();
    Stream.last.opens();
    Stream.last.sends("a", "id 1&x");
    Stream.last.loses();
    expect(Stream.last.readyState).toBe(2);
    await pass(1_000);
    Stream.last.loses();
    await pass(1_000);

    expect(Stream.all.map(({ query }) => query)).toEqual([
      { x: "1", ticket: ticket(0) },
      { x: "1", ticket: ticket(1), lastEventId: "id 1&x" },
      { x: "1", ticket: ticket(2), lastEventId: "id 1&x" },
    ]);
    expect(told).toEqual(["open 1", "message 1", "error 0", "waiting 0", "error 0", "waiting 0"]);
  });

  test("keeps the last event's id through a connection whose events have none, and forgets it when told to", async () => {
    listen();
    for (const ids of [["7"], [""], ["8", ""], []]) {
      await pass(1_000);
      Stream.last.opens();
      for (const id of ids) {
        Stream.last.sends("a", id);
      }
      Stream.last.loses();
    }

    expect(Stream.all.map(({ query }) => query.lastEventId)).toEqual([undefined, "7", "7", undefined]);
  });

  test("tells named events, of each connection, also to listeners that come later", async () => {
    const { source } = listen();
    const got: string[] = [];
    const note = ({ type, data }: MessageEvent): unknown => got.push(`${type} ${data}`);
    source.addEventListener("price", note);
    source.onmessage = note;
    await pass();
    source.addEventListener("news", note);
    source.addEventListener("price", note);
    for (const connection of [1, 2]) {
      Stream.last.opens();
      Stream.last.sends(`${connection}`, "", "price");
      Stream.last.sends(`${connection}`, "", "news");
      Stream.last.sends(`${connection}`);
      Stream.last.loses();
      await pass(1_000);
    }

    expect(got).toEqual(["price 1", "news 1", "message 1", "price 2", "news 2", "message 2"]);
  });

  test("closes for good, without an error, and goes on behind the last event when opened again", async () => {
    const { source, told } = listen({ withCredentials: true, lastEventIdParameter: "after" });
    await pass();
    Stream.last.opens();
    Stream.last.sends("a", "7");
    source.close();
    expect(source.readyState).toBe(source.CLOSED);
    await pass(60_000);
    expect([Stream.all.length, Stream.last.readyState, told]).toEqual([1, 2, ["open 1", "message 1"]]);
    source.open();
    await pass();

    expect(Stream.last).toMatchObject({ query: { x: "1", ticket: ticket(1), after: "7" }, withCredentials: true });
  });

  test("that is closed and opened in one turn has one stream, with a ticket of its own", async () => {
    const { source } = listen();
    await pass();
    Stream.last.opens();
    source.close();
    source.open();
    await pass(1_000);

    expect(Stream.all.map(({ readyState, query }) => [readyState, query.ticket])).toEqual([
      [2, ticket(0)],
      [0, ticket(1)],
    ]);
    source.close();
  });

  test("stops when the user is logged out", async () => {
    const tickets = endlessTickets();
    const { source, told } = listen({ tickets });
    await pass();
    tickets.next = () => Promise.reject(new TicketError("logged-out", 401));
    Stream.last.loses();
    await pass(60_000);

    expect([Stream.all.length, source.readyState, told]).toEqual([1, 2, ["error 0", "waiting 0", "error 2"]]);
  });

  test("gives up an attempt that takes too long", async () => {
    listen({ connectTimeout: 2_000 });
    await pass(2_000);
    expect(Stream.last.readyState).toBe(2);
    await pass(1_000);

    expect(Stream.all.length).toBe(2);
  });

  test.each(["error", "open", "waiting", "close"])("takes an event of the stream that is named %s for data", async (type) => {
    const tickets = endlessTickets();
    const { source } = listen({ tickets });
    const got: unknown[] = [];
    source.addEventListener(type, (event: Event) => got.push((event as MessageEvent).data));
    await pass();
    Stream.last.opens();
    for (let i = 0; i < 24; i++) {
      Stream.last.sends(`${i}`, "", type);
      await pass(1_000);
    }

    expect([source.readyState, tickets.given, Stream.all.length]).toEqual([1, 1, 1]);
    expect(got.filter((data) => data !== undefined).length).toBe(24);
  });

  test("replaces the last event's id that is in the address", async () => {
    const source = new TicketEventSource("https://realtime.example/feed?lastEventId=5", {
      tickets: endlessTickets(),
      backoff: () => 10,
    });
    source.open();
    await pass();
    Stream.last.opens();
    Stream.last.sends("a", "6");
    Stream.last.loses();
    await pass(10);

    expect(Stream.all.map(({ query }) => query)).toEqual([
      { lastEventId: "5", ticket: ticket(0) },
      { lastEventId: "6", ticket: ticket(1) },
    ]);
    source.close();
  });

  test("is made anew when nothing is heard, and when asked", async () => {
    const { source } = listen({ idleTimeout: 10_000, backoff: () => 0 });
    await pass();
    Stream.last.opens();
    await pass(9_000);
    Stream.last.sends("a");
    await pass(9_999);
    expect(Stream.all.length).toBe(1);
    await pass(2);
    expect(Stream.all.length).toBe(2);
    Stream.last.opens();
    source.reconnect();
    await pass(1);

    expect(Stream.all.map(({ readyState }) => readyState)).toEqual([2, 2, 0]);
    source.close();
  });
});
