// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { TicketWebSocket } from "../src/index.js";
import { ADDRESS, browser, connect, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

describe("What is sent", () => {
  test("without a connection waits for it, behind what the application sends when it opens", async () => {
    const socket = new TicketWebSocket(ADDRESS, [], { tickets: endlessTickets(), backoff: () => 1_000 });
    socket.onopen = () => socket.send("subscribe");
    socket.send("before");
    socket.open();
    socket.send("meanwhile");
    expect(socket.bufferedAmount).toBe("beforemeanwhile".length);
    await pass();
    Socket.last.opens();

    expect([Socket.last.sent, socket.bufferedAmount]).toEqual([["subscribe", "before", "meanwhile"], 0]);
    Socket.last.ends(1012);
    socket.send("again");
    await pass(1_000);
    Socket.last.opens();
    expect(Socket.last.sent).toEqual(["subscribe", "again"]);
  });

  test("waits as it was when it was sent", async () => {
    const { socket } = connect();
    const bytes = new Uint8Array([1, 2, 3]);
    socket.send(bytes);
    bytes.fill(0);
    await pass();
    Socket.last.opens();

    const [sent] = Socket.last.sent as [Blob];
    expect(new Uint8Array(await sent.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  });

  test("counts in bytes", () => {
    const { socket } = connect();

    for (const data of ["Zoë", "😀", new ArrayBuffer(10), new DataView(new ArrayBuffer(8), 4), new Blob(["abc"])]) {
      socket.send(data);
    }

    expect(socket.bufferedAmount).toBe(4 + 4 + 10 + 4 + 3);
  });

  test("up to the limit waits, each with one byte more than it has", () => {
    const { socket } = connect({ queueLimit: 10 });
    socket.send("123456");
    socket.send("12");
    expect(() => socket.send("")).toThrow(RangeError);

    expect(socket.bufferedAmount).toBe(8);
    expect(() => connect({ queueLimit: 10 }).socket.send("1234567890")).toThrow(RangeError);
  });

  test("beyond the limit is refused, and what waits is kept", async () => {
    const { socket } = connect({ queueLimit: 10 });
    socket.send("12345");

    expect(() => socket.send("67890")).toThrow(RangeError);

    expect(socket.bufferedAmount).toBe(5);
    await pass();
    Socket.last.opens();
    expect(Socket.last.sent).toEqual(["12345"]);
  });

  test("is bounded even if it is empty", () => {
    const { socket } = connect({ queueLimit: 100 });

    expect(() => {
      for (let i = 0; i < 101; i++) {
        socket.send("");
      }
    }).toThrow(RangeError);
  });

  test("does not wait at all with a limit of 0", () => {
    const { socket } = connect({ queueLimit: 0 });

    expect(() => socket.send("")).toThrow(RangeError);
  });

  test("is dropped when closed, as by the browser's own", async () => {
    const { socket } = connect();
    socket.send("of before");
    socket.close();
    socket.send("of after");
    expect(socket.bufferedAmount).toBe(0);
    socket.open();
    await pass(1_000);
    Socket.last.opens();

    expect(Socket.last.sent).toEqual([]);
  });

  test("from the listener that closes goes nowhere, and so does what waits", async () => {
    const { socket } = connect();
    socket.onopen = () => socket.close();
    socket.send("waits");
    await pass();
    Socket.last.opens();

    expect(Socket.last.sent).toEqual([]);
  });

  test("after closing and opening in a listener waits for the new connection", async () => {
    const { socket } = connect();
    socket.addEventListener(
      "open",
      () => {
        socket.close();
        socket.open();
        socket.send("x");
      },
      { once: true },
    );
    await pass();
    const old = Socket.last;
    old.opens();
    await pass(21);
    Socket.last.opens();

    expect([old.sent, Socket.last.sent]).toEqual([[], ["x"]]);
  });

  test("and is not binary is a text, with a connection and without", async () => {
    const { socket } = connect();
    const send = (): void => {
      for (const data of [5, null, undefined, true, { a: 1 }]) {
        socket.send(data as unknown as string);
      }
    };
    send();
    await pass();
    Socket.last.opens();
    const before = Socket.last.sent.splice(0);
    send();

    expect(before).toEqual(["5", "null", "undefined", "true", "[object Object]"]);
    expect(Socket.last.sent).toEqual(before);
  });
});
