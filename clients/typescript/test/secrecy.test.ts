// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { beforeEach, expect, test, vi } from "vitest";
import { type TicketError, TicketEventSource, TicketSource, TicketWebSocket } from "../src/index.js";
import { Endpoint, ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

/** Everything that is to be read of an error. */
function told(error: unknown): string {
  const { name, message, stack, cause } = error as Error;
  return [name, message, stack, cause, JSON.stringify(error), String(error)].join("\n");
}

function spiesOfTheConsole() {
  return (["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(console, name));
}

test("T13: what a browser says of an address is told without the ticket", async () => {
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor(url: URL) {
        throw new DOMException(`Failed to construct 'WebSocket': The URL '${url}' is not allowed.`, "SecurityError");
      }
    },
  );
  const debugged: string[] = [];
  const { socket } = connect({ backoff: () => 3_600_000, debug: (message) => debugged.push(message) });
  const errors: unknown[] = [];
  socket.onerror = ({ error }) => errors.push(error);
  await pass();

  expect(errors).toMatchObject([{ name: "SecurityError", message: expect.stringContaining("is not allowed") }]);
  expect(told(errors[0])).not.toContain(ticket(0));
  expect(debugged).toContainEqual(expect.stringContaining("is not allowed"));
  expect(debugged.join()).not.toContain(ticket(0));
});

test("T13: what a JSON parser says of an answer, and quotes, is not told", async () => {
  new Endpoint(() => new Response(ticket(5)));
  const errors: TicketError[] = [];
  new TicketSource({ csrf: {} }).next({ onRetry: (error) => errors.push(error) });
  await pass();

  expect(errors.length).toBe(1);
  expect(told(errors[0])).not.toContain("ticket000");
});

test.each<["query" | "subprotocol", string[]]>([
  ["query", []],
  ["subprotocol", ["chat"]],
])(
  "T13: with the ticket in the %s, neither the address nor anything in the object shows it, and nothing is logged",
  async (carrier, protocols) => {
    const logs = spiesOfTheConsole();
    const debugged: string[] = [];
    const debug = (message: string): unknown => debugged.push(message);
    const socket = new TicketWebSocket(ADDRESS, protocols, { tickets: endlessTickets(), carrier, debug });
    socket.open();
    await pass();
    Socket.last.opens(Socket.last.protocols.at(-1));
    expect(socket.protocol).not.toContain("ticket0");
    Socket.last.ends();
    await pass(60_000);

    expect(socket.url).toBe(ADDRESS);
    expect(JSON.stringify(socket) + inspect(socket, { depth: 9 })).not.toContain("ticket0");
    expect(debugged.length).toBeGreaterThan(3);
    expect(debugged.join()).not.toContain("ticket0");
    expect(logs.flatMap((log) => log.mock.calls)).toEqual([]);
  },
);

test("T13: nor does an event stream", async () => {
  const logs = spiesOfTheConsole();
  const debugged: string[] = [];
  const debug = (message: string): unknown => debugged.push(message);
  const urls: string[] = [];
  class Stream extends EventTarget {
    readyState = 0;
    constructor(readonly url: string) {
      super();
      urls.push(url);
      setTimeout(() => this.dispatchEvent(new Event("error")));
    }
    close(): void {}
  }
  const address = "https://realtime.example/prices";
  const stream = new TicketEventSource(address, { tickets: endlessTickets(), debug, EventSource: Stream as never });
  stream.open();
  await pass(60_000);

  expect([stream.url, urls[0]]).toEqual([address, `${address}?ticket=${ticket(0)}`]);
  expect(JSON.stringify(stream) + inspect(stream, { depth: 9 })).not.toContain("ticket0");
  expect(debugged.length).toBeGreaterThan(3);
  expect(debugged.join()).not.toContain("ticket0");
  expect(logs.flatMap((log) => log.mock.calls)).toEqual([]);
});
