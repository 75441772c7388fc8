// SPDX-License-Identifier: Apache-2.0
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
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;

  constructor(url: URL, protocols: string[]) {
    super();
    this.url = url.href;
    this.ticket = url.searchParams.get("ticket");
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
    this.onopen?.(new Event("open"));
  }

  says(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  /** The connection is over, or never came to be. */
  ends(code = 1006, reason = ""): void {
    this.readyState = 3;
    if (code === 1006) {
      this.onerror?.(new Event("error"));
    }
    this.onclose?.(new CloseEvent("close", { code, reason, wasClean: code !== 1006 }));
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
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("document", { hidden: false });
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
