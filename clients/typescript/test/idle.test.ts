// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test, vi } from "vitest";
import { browser, connect, happens, pass, Socket } from "./sockets.js";

beforeEach(browser);

/** An open connection that must not be silent for 10 seconds. */
async function open() {
  const connection = connect({ idleTimeout: 10_000 });
  await pass();
  Socket.last.opens();
  return connection;
}

describe("A connection of which nothing is heard", () => {
  test("is taken for dead after the time that was set, and another one is made", async () => {
    const { told } = await open();
    Socket.last.close = () => {}; // its closing handshake has no end
    await pass(9_999);
    expect(told).toEqual(["open 1"]);
    await pass(1);
    expect(told).toEqual(["open 1", "error 1", "close 0", "waiting 0"]);
    await pass(1_000);

    expect(Socket.all.length).toBe(2);
  });

  test("lives on with any message", async () => {
    await open();
    for (let i = 0; i < 10; i++) {
      await pass(9_000);
      Socket.last.says("ping");
    }

    expect(Socket.all.length).toBe(1);
  });

  test("is found dead at once when the machine wakes up and the page is shown, though the timers slept", async () => {
    await open();
    await pass(1_000);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    happens("shown");
    await pass(1_000);

    expect(Socket.all.length).toBe(2);
  });

  test("is not taken for dead when the clock is set back", async () => {
    await open();
    vi.setSystemTime(Date.now() - 3_600_000);
    Socket.last.says("ping");
    await pass(9_000);
    happens("shown");
    expect(Socket.all.length).toBe(1);
    await pass(1_000);

    expect(Socket.live.length).toBe(1);
    await pass(1_000);
    expect(Socket.all.length).toBe(2);
  });

  test("may be silent for ever if nothing was set", async () => {
    connect();
    await pass();
    Socket.last.opens();
    await pass(24 * 3_600_000);

    expect(Socket.all.length).toBe(1);
  });

  test("is not ended by the browser's word that the network is away, nor is an attempt, nor a wait", async () => {
    const { told } = connect({ backoff: () => 3_000 });
    await pass();
    happens("offline");
    await pass(1_000);
    Socket.last.opens();
    happens("offline");
    await pass(60_000);
    expect([Socket.all.length, Socket.last.readyState, told]).toEqual([1, 1, ["open 1"]]);
    Socket.last.ends(1012);
    await pass();
    happens("offline");
    await pass(2_999);
    expect(Socket.all.length).toBe(1);
    await pass(1);

    expect(Socket.all.length).toBe(2);
  });

  test("is given up at once by a page that says so when the network is away, and is back with it, and with what was sent", async () => {
    const { socket, told } = connect({ backoff: () => 30_000 });
    addEventListener("offline", () => socket.reconnect());
    await pass();
    Socket.last.opens();
    happens("offline");
    socket.send("waits");
    await pass();
    Socket.last.ends();
    await pass();
    happens("online");
    await pass(1);
    Socket.last.opens();

    expect([Socket.all.length, told]).toEqual([3, ["open 1", "close 0", "error 0", "close 0", "waiting 0", "open 1"]]);
    expect(Socket.last.sent).toEqual(["waits"]);
  });

  test("is not looked at once it is closing", async () => {
    const { socket } = await open();
    Socket.last.close = () => {};
    socket.close();
    happens("shown");
    await pass(2_000);

    expect(socket.readyState).toBe(3);
  });
});
