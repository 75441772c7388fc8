// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { TicketWebSocket } from "../src/index.js";
import { ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

describe("A ticket WebSocket", () => {
  test("opens nothing and asks for nothing in its constructor", async () => {
    const tickets = endlessTickets();

    const socket = new TicketWebSocket(ADDRESS, [], { tickets });
    await pass(60_000);

    expect(socket.readyState).toBe(3);
    expect([Socket.all.length, tickets.given]).toEqual([0, 0]);
  });

  test("has the interface of the browser's own", async () => {
    const { socket } = connect({}, "chat");
    const messages: unknown[] = [];
    const events: Event[] = [];
    socket.onmessage = ({ data }) => messages.push(data);
    socket.onopen = (event) => events.push(event);
    socket.onclose = (event) => events.push(event);
    socket.binaryType = "arraybuffer";
    await pass();
    expect(socket.readyState).toBe(socket.CONNECTING);

    Socket.last.opens("chat");
    Socket.last.bufferedAmount = 7;
    Socket.last.says("hello");
    socket.send("hi");

    expect(Socket.last.protocols).toEqual(["chat"]);
    expect(Socket.last.binaryType).toBe("arraybuffer");
    expect([socket.readyState, socket.protocol, socket.bufferedAmount]).toEqual([TicketWebSocket.OPEN, "chat", 7]);
    expect(socket.url).toBe(ADDRESS);
    expect([messages, Socket.last.sent]).toEqual([["hello"], ["hi"]]);
    socket.binaryType = "blob";
    expect(Socket.last.binaryType).toBe("blob");
    socket.close(4000, "enough");
    expect(socket.readyState).toBe(socket.CLOSING);
    await pass(20);
    expect(socket.readyState).toBe(socket.CLOSED);
    expect(events.map(({ type }) => type)).toEqual(["open", "close"]);
    expect(events[1]).toMatchObject({ code: 4000, reason: "enough", wasClean: true });
  });

  test("tells a function that is both its handler and its listener twice, as the browser's own, and tells it whose it is", async () => {
    const { socket } = connect();
    const heard: unknown[] = [];
    function hear(this: unknown): void {
      heard.push(this);
    }
    socket.addEventListener("message", hear);
    socket.onmessage = hear;
    await pass();
    Socket.last.opens();
    Socket.last.says("x");
    socket.removeEventListener("message", hear);
    Socket.last.says("y");

    expect(heard).toEqual([socket, socket, socket]);
    expect(socket.onmessage).toBe(hear);
  });

  test("tells no message that comes while it is closing", async () => {
    const { socket, told } = connect();
    await pass();
    Socket.last.opens();
    socket.close();
    Socket.last.says("late");
    await pass(20);

    expect(told).toEqual(["open 1", "close 3"]);
  });

  test("T14: has a new ticket for each attempt", async () => {
    const { told } = connect();
    await pass();
    Socket.last.opens();
    Socket.last.ends();
    await pass(1_000);
    Socket.last.ends();
    await pass(1_000);
    Socket.last.opens();

    expect(Socket.all.map((socket) => socket.ticket)).toEqual([ticket(0), ticket(1), ticket(2)]);
    expect(told).toEqual(
      "open 1,error 0,close 0,waiting 0,error 0,close 0,waiting 0,open 1".split(","), // a state of 0: another attempt follows
    );
  });

  test("carries the ticket in the query beside what is there", async () => {
    const url = "wss://realtime.example/chat?room=a%20b&x=%2B";
    new TicketWebSocket(url, [], { tickets: endlessTickets(), parameter: "t" }).open();
    await pass();

    expect(Socket.last.url).toBe(`${url}&t=${ticket(0)}`);
  });

  test("T10: carries the ticket as a subprotocol beside the application's", async () => {
    const { socket } = connect({ carrier: "subprotocol" }, ["chat", "chat.v2"]);
    await pass();

    expect([Socket.last.url, Socket.last.protocols]).toEqual([ADDRESS, ["chat", "chat.v2", `ticket.${ticket(0)}`]]);
    Socket.last.opens("chat.v2");
    expect(socket.protocol).toBe("chat.v2");
    Socket.last.protocol = `ticket.${ticket(0)}`; // what no backend may answer
    expect(socket.protocol).toBe("");
  });

  test("refuses what can't work when it is made", () => {
    expect(() => new TicketWebSocket(ADDRESS, [], { carrier: "subprotocol" })).toThrow(
      "carrier must be query, or subprotocol with protocols",
    );
    expect(() => new TicketWebSocket("wss://")).toThrow(TypeError);
  });

  test("gives the function for the address nothing", async () => {
    const given: unknown[] = [];
    const address = (...parameters: unknown[]): string => {
      given.push(parameters);
      return ADDRESS;
    };
    new TicketWebSocket(address, [], { tickets: endlessTickets() }).open();
    await pass();

    expect(given).toEqual([[]]);
  });

  test("asks for the address before each attempt, and again when that failed", async () => {
    const addresses = ["wss://one.example", undefined, new URL("wss://two.example/x")];
    const address = async (): Promise<string | URL> => addresses.shift() ?? Promise.reject(new Error("no address"));
    const socket = new TicketWebSocket(address, [], {
      tickets: endlessTickets(),
      backoff: () => 1_000,
    });
    const errors: unknown[] = [];
    socket.onerror = ({ error }) => errors.push(error);
    expect(socket.url).toBe("");
    socket.open();
    await pass();
    Socket.last.ends(1012);
    await pass(2_000);

    expect(Socket.all.map(({ url }) => new URL(url).host)).toEqual(["one.example", "two.example"]);
    expect([errors, socket.url]).toEqual([[new Error("no address")], "wss://two.example/x"]);
  });

  test("goes on when a listener throws", async () => {
    vi.useRealTimers();
    const thrown: unknown[] = [];
    const caught = (error: Error): unknown => thrown.push(error.message);
    process.prependOnceListener("uncaughtException", caught);
    const others = process.listeners("uncaughtException").filter((listener) => listener !== caught);
    const { socket } = connect({ backoff: () => 1 });
    socket.onclose = () => {
      throw new Error("the application's");
    };
    try {
      for (const listener of others) process.removeListener("uncaughtException", listener);
      await vi.waitFor(() => Socket.last.ends(1012));
      await vi.waitFor(() => expect(Socket.all.length).toBe(2));
    } finally {
      for (const listener of others) process.addListener("uncaughtException", listener);
    }

    expect(thrown).toEqual(["the application's"]);
    socket.onclose = null;
    socket.close();
  });
});
