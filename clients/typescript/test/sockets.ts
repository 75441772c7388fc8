// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from "node:events";
import { vi } from "vitest";
import { type TicketSource, TicketWebSocket, type TicketWebSocketOptions } from "../src/index.js";
import { ticket } from "./endpoint.js";

/** The browser's WebSocket, with the test at the other end. */
export class Socket extends EventTarget {
  static all: Socket[] = [];
  readonly ticket: string | null;
  readonly url: string;
  readonly protocols: string[];
  readonly sent: unknown[] = [];
  readyState = 0;
  binaryType = "blob";
  protocol = "";
  bufferedAmount = 0;
  extensions = "";

  constructor(url: string, protocols: string[]) {
    super();
    this.url = url;
    this.ticket = new URL(url).searchParams.get("ticket");
    this.protocols = protocols;
    Socket.all.push(this);
  }

  /** As many as there are now: never more than one for one object of ours. */
  static get live(): Socket[] {
    return Socket.all.filter(({ readyState }) => readyState < 3);
  }

  static get last(): Socket {
    return Socket.all.at(-1) ?? fail();
  }

  opens(protocol = ""): void {
    this.readyState = 1;
    this.protocol = protocol;
    this.dispatchEvent(new Event("open"));
  }

  says(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** The connection is over, or never came to be. */
  ends(code = 1006, reason = ""): void {
    this.readyState = 3;
    if (code === 1006) {
      this.dispatchEvent(new Event("error"));
    }
    this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean: code !== 1006 }));
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  /** The other end answers a closing handshake a little later. */
  close(code = 1005, reason = ""): void {
    if (this.readyState < 2) {
      const wasOpen = this.readyState === 1;
      this.readyState = 2;
      setTimeout(() => this.ends(wasOpen ? code : 1006, reason), 20);
    }
  }
}

function fail(): never {
  throw new Error("There is no socket");
}

/** Tickets without an endpoint: each is another one. */
export function endlessTickets(): Pick<TicketSource, "next"> & { given: number } {
  return {
    given: 0,
    async next({ signal } = {}): Promise<string> {
      signal?.throwIfAborted();
      return ticket(this.given++);
    },
  };
}

/** The browser for a test: its sockets, and a clock that the test moves. */
export function browser(): void {
  vi.useFakeTimers();
  Socket.all = [];
  vi.stubGlobal("WebSocket", Socket);
  listeners.clear();
  stubTarget(globalThis, new EventTarget());
  vi.stubGlobal(
    "document",
    stubTarget({ hidden: false, baseURI: "https://app.example/page", querySelector: () => null }, new EventTarget()),
  );
}

/** The listeners of the page and of the network that there are. */
export const listeners = new Set<unknown>();

function stubTarget<T extends object>(object: T, target: EventTarget): T {
  setMaxListeners(0, target);
  const methods = {
    addEventListener(...parameters: Parameters<EventTarget["addEventListener"]>): void {
      const [, listener, options] = parameters;
      listeners.add(listener);
      Object(options).signal?.addEventListener("abort", () => listeners.delete(listener));
      target.addEventListener(...parameters);
    },
    removeEventListener(...parameters: Parameters<EventTarget["removeEventListener"]>): void {
      listeners.delete(parameters[1]);
      target.removeEventListener(...parameters);
    },
    dispatchEvent: (event: Event) => target.dispatchEvent(event),
  };
  if (object === globalThis) {
    for (const [name, method] of Object.entries(methods)) {
      vi.stubGlobal(name, method);
    }
    return object;
  }
  return Object.assign(object, methods);
}

/** The network is back or away, or the page is hidden or shown. */
export function happens(what: "online" | "offline" | "hidden" | "shown"): void {
  if (what.endsWith("line")) {
    dispatchEvent(new Event(what));
  } else {
    Object.assign(document, { hidden: what === "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  }
}

/** Some time, by default just enough for everything that waits for nothing. */
export async function pass(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

export const ADDRESS = "wss://realtime.example/chat";

/** A socket of ours whose waits are of one second, and what it told, with its state then. */
export function connect(options: TicketWebSocketOptions = {}, protocols: string | string[] = []) {
  const socket = new TicketWebSocket(ADDRESS, protocols, { tickets: endlessTickets(), backoff: () => 1_000, ...options });
  const told: string[] = [];
  for (const type of ["open", "message", "error", "close", "waiting"]) {
    socket.addEventListener(type, () => told.push(`${type} ${socket.readyState}`));
  }
  socket.open();
  return { socket, told };
}
