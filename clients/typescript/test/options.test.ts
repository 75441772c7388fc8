// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  TicketError,
  TicketEventSource,
  TicketSource,
  type TicketSourceOptions,
  TicketWebSocket,
  ticketUrl,
} from "../src/index.js";
import { ticket } from "./endpoint.js";
import { ADDRESS, browser, connect, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

const noNumbers = [-1, Number.NaN, "10s", "10", null, {}];

describe("An option", () => {
  test.each(noNumbers)("that must be a number and is %j is refused where it is given", (value) => {
    for (const name of ["timeout", "maxRetries", "firstExpiresIn"]) {
      expect(() => new TicketSource({ [name]: value }), name).toThrow(new RegExp(`${name} must be a number`));
    }
    for (const name of ["connectTimeout", "idleTimeout", "stableAfter", "maxRetries", "queueLimit"]) {
      expect(() => new TicketWebSocket(ADDRESS, [], { [name]: value }), name).toThrow(new RegExp(`${name} must be a number`));
    }
  });

  test("that is a time and is 0 is refused, where it would end what it bounds at once", () => {
    expect(() => new TicketSource({ timeout: 0 })).toThrow("timeout must be a number of at least 1");
    for (const name of ["connectTimeout", "idleTimeout"]) {
      expect(() => new TicketWebSocket(ADDRESS, [], { [name]: 0 })).toThrow(`${name} must be a number of at least 1`);
    }
  });

  test("that is undefined has its default", () => {
    const options: TicketSourceOptions = { timeout: undefined, url: undefined, csrf: undefined, maxRetries: undefined };

    new TicketWebSocket(ADDRESS, [], { connectTimeout: undefined, tickets: new TicketSource(options), terminalCodes: undefined });
  });

  test.each([
    [{ terminalCodes: 3003 }],
    [{ parameter: 5 }],
    [{ parameter: "" }],
    [{ parameter: null }],
    [{ tickets: {} }],
    [{ backoff: 1_000 }],
    [{ shouldReconnect: true }],
    [{ debug: true }],
    [{ WebSocket: "ws" }],
    [{ carrier: "subprotocl" }],
  ])("like %j is refused", (options) => {
    expect(() => new TicketWebSocket(ADDRESS, "chat", options as object)).toThrow(TypeError);
  });

  test.each([["3003"], [["3003"]], [new Set([3003, Number.NaN])]])("terminalCodes: %j is refused", (terminalCodes) => {
    expect(() => new TicketWebSocket(ADDRESS, [], { terminalCodes: terminalCodes as Iterable<number> })).toThrow(
      /^terminalCodes must be a number/,
    );
  });

  test.each([[{ lastEventIdParameter: 5 }], [{ lastEventIdParameter: "" }], [{ parameter: 5 }]])(
    "of an event stream like %j is refused",
    (options) => {
      expect(() => new TicketEventSource("https://realtime.example/prices", options as object)).toThrow(TypeError);
    },
  );

  test("of open() that is no signal is refused, and nothing is opened", async () => {
    const tickets = endlessTickets();
    const socket = new TicketWebSocket(ADDRESS, [], { tickets });

    expect(() => socket.open({ signal: "x" as unknown as AbortSignal })).toThrow(TypeError);
    await pass(1_000);
    expect([socket.readyState, tickets.given]).toEqual([3, 0]);

    socket.open();
    await pass();
    expect(Socket.all.length).toBe(1);
  });

  test.each([{ fetch: "fetch" }, { backoff: 1_000 }])("of a source like %j is refused", (options) => {
    expect(() => new TicketSource(options as object)).toThrow(TypeError);
  });

  test.each([
    "ftp://issuer.example/",
    "https://",
    "javascript:0",
    "https://user:pw@issuer.example/",
    "https://user@issuer.example/",
  ])("for the issuing endpoint like %s is refused where it is given", (url) => {
    expect(() => new TicketSource({ url })).toThrow(TicketError);
  });

  test("for the CSRF token that can't be headers is refused, and the token is not told", async () => {
    const csrf = { "X-CSRF-TOKEN": "secret\nsecret" };
    const refused = async (make: () => unknown): Promise<void> => {
      const error = await Promise.resolve()
        .then(make)
        .then(String, (reason) => reason);
      expect(error).toMatchObject({ reason: "misconfigured", final: true });
      expect(inspect(error, { depth: 9 })).not.toContain("secret");
    };

    await refused(() => new TicketSource({ csrf }));
    await refused(() => new TicketSource({ csrf: () => csrf }).next());
  });

  test("as the address of a library is refused where it is given, or before a ticket is taken for it", async () => {
    const tickets = endlessTickets();
    for (const url of ["ftp://files.example/", "javascript:0", "//:", "wss://"]) {
      expect(() => ticketUrl(tickets, url), url).toThrow(TypeError);
    }
    vi.stubGlobal("document", undefined);
    vi.stubGlobal("location", undefined);
    await expect(ticketUrl(tickets, "/chat")()).rejects.toThrow(TypeError);
    vi.stubGlobal("location", { href: "file:///app/index.html" });
    expect(() => ticketUrl(tickets, "/chat")).toThrow(TypeError);

    expect(tickets.given).toBe(0);
  });

  test.each(["ws:", "wss:", "http:", "https:"])("as the address of a library may begin with %s", async (protocol) => {
    expect(await ticketUrl(endlessTickets(), `${protocol}//x.example/chat`)()).toBe(
      `${protocol}//x.example/chat?ticket=${ticket(0)}`,
    );
  });

  test.each([Number.POSITIVE_INFINITY, 30 * 24 * 3_600_000])(
    "connectTimeout: %d lets an attempt go on",
    async (connectTimeout) => {
      connect({ connectTimeout });
      await pass(3_600_000);

      expect([Socket.all.length, Socket.last.readyState]).toEqual([1, 0]);
    },
  );
});

describe("An attempt that can't succeed", () => {
  test.each(["ftp://files.example/", "data:text/plain,x", "javascript:0", "//:", "wss://"])(
    "to %s is refused when it is made",
    (url) => {
      expect(() => new TicketWebSocket(url)).toThrow(TypeError);
      expect(() => new TicketEventSource(url)).toThrow(TypeError);
    },
  );

  test.each([[""], ["a b"], ["a,b"], ["chat", "chat"], ["zoë"]])(
    "with the subprotocols %j, %j is refused when it is made",
    (...protocols) => {
      expect(() => new TicketWebSocket(ADDRESS, protocols)).toThrow(TypeError);
    },
  );

  test("to what a function gives ends it, and takes no ticket", async () => {
    const tickets = endlessTickets();
    const socket = new TicketWebSocket(() => "ftp://files.example/", [], { tickets });
    const errors: unknown[] = [];
    socket.onerror = ({ error }) => errors.push(error);
    socket.open();
    await pass(60_000);

    expect([socket.readyState, tickets.given, errors]).toMatchObject([3, 0, [{ final: true }]]);
  });

  test("since the browser has no such class ends it, and takes no ticket", async () => {
    const tickets = endlessTickets();
    const { socket, told } = connect({ tickets, WebSocket: undefined });
    Object.assign(globalThis, { WebSocket: undefined });
    await pass(60_000);

    expect([socket.readyState, tickets.given, told]).toEqual([3, 0, ["error 3", "close 3"]]);
  });

  test("since the browser's class refuses ends it: there is one ticket", async () => {
    const tickets = endlessTickets();
    class Refusing {
      constructor() {
        throw new DOMException("An insecure WebSocket connection may not be initiated", "SecurityError");
      }
    }
    const { socket, told } = connect({ tickets, WebSocket: Refusing as unknown as typeof WebSocket });
    await pass(3_600_000);

    expect([socket.readyState, tickets.given, told]).toEqual([3, 1, ["error 3", "close 3"]]);
  });

  test("since a class of the application throws something odd ends it, too", async () => {
    const tickets = endlessTickets();
    const odd = class {
      constructor() {
        throw null;
      }
    };
    const { socket } = connect({ tickets, WebSocket: odd as unknown as typeof WebSocket });
    await pass(3_600_000);

    expect([socket.readyState, tickets.given]).toEqual([3, 1]);
  });

  test("since a class of the application has no events ends it, too", async () => {
    const tickets = endlessTickets();
    const { socket, told } = connect({ tickets, WebSocket: class {} as unknown as typeof WebSocket });
    await pass(3_600_000);

    expect([socket.readyState, tickets.given, told]).toEqual([3, 1, ["error 3", "close 3"]]);
  });

  test("since a class of the application has half of what it must have ends it, and leaves nothing open", async () => {
    class Half {
      static open = 0;
      constructor() {
        Half.open++;
      }
      close(): void {
        Half.open--;
      }
    }
    const { socket, told } = connect({ WebSocket: Half as unknown as typeof WebSocket });
    await pass(3_600_000);

    expect([socket.readyState, Half.open, told]).toEqual([3, 0, ["error 3", "close 3"]]);
  });

  test("by what an error of another copy of this package says ends it", async () => {
    const { name, message, stack } = new TicketError("logged-out", 401);
    const foreign = Object.assign(new Error(message), { name, stack, reason: "logged-out", final: true });
    const { socket, told } = connect({ tickets: { next: () => Promise.reject(foreign) } });
    await pass(60_000);

    expect([socket.readyState, told]).toEqual([3, ["error 3", "close 3"]]);
  });
});
