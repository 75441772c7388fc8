// SPDX-License-Identifier: Apache-2.0
import { type Address, withParameter } from "./address.js";
import { TicketConnection } from "./connection.js";
import { numberIn } from "./options.js";
import type { ConnectionErrorEvent, ConnectionOptions, WaitingEvent } from "./settings.js";

/** Forbidden: as IANA has it, and as many servers said before. */
const TERMINAL_CODES = [3003, 4403];

/** RFC 6455, section 4.1: a subprotocol is a token of RFC 2616. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

type Data = string | Blob | BufferSource;

export interface TicketWebSocketOptions extends ConnectionOptions {
  /**
   * Where the ticket travels: in the query, or as the subprotocol `ticket.<ticket>`, offered beside the application's own, which must be
   * given then. `query` by default.
   */
  carrier?: "query" | "subprotocol" | undefined;
  /**
   * The close codes after which there is no other attempt; by default 3003 (forbidden) and 4403, its older form. Not 1000, with which many
   * servers also shut down. After a code that says "unauthorized", the answer to the request for the next ticket tells whether the user is
   * logged out.
   */
  terminalCodes?: Iterable<number> | undefined;
  /** How many bytes may wait for a connection, one more for each message; 1 MiB by default, 0 for none. Beyond that, `send` throws. */
  queueLimit?: number | undefined;
  /** Used in place of the global one. */
  WebSocket?: (new (url: string, protocols: string[]) => WebSocket) | undefined;
}

export interface TicketWebSocketEventMap {
  open: Event;
  message: MessageEvent;
  error: ConnectionErrorEvent;
  close: CloseEvent;
  waiting: WaitingEvent;
}

/**
 * A `WebSocket` that comes back: each attempt to connect has a new ticket.
 *
 * It has the interface of the browser's own class, with these differences. The constructor opens nothing: `open()` does. `close` tells the
 * end of each connection and attempt: `readyState` is `CONNECTING` then if another follows, and `CLOSED` if not. What is sent while there
 * is no connection waits for the next one, after the listeners of its `open`.
 *
 * It ends when it is closed, when its signal is aborted, when the user is logged out (`error` with a `TicketError`, then `close`), when the
 * backend closes with a terminal code, and when the options say so.
 */
export class TicketWebSocket
  extends TicketConnection<WebSocket, TicketWebSocketEventMap, TicketWebSocketOptions>
  implements WebSocket
{
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  declare onopen: ((event: Event) => void) | null;
  declare onmessage: ((event: MessageEvent) => void) | null;
  declare onerror: ((event: ConnectionErrorEvent) => void) | null;
  declare onclose: ((event: CloseEvent) => void) | null;
  declare onwaiting: ((event: WaitingEvent) => void) | null;

  readonly #protocols: readonly string[];
  readonly #terminalCodes: ReadonlySet<number>;
  readonly #queueLimit: number;
  /** What waits to be sent, and how many bytes that are. */
  readonly #waiting: (string | Blob)[] = [];
  #bytes = 0;
  #binaryType: BinaryType = "blob";
  #wasClosed = false;

  /** @throws RangeError, TypeError if the address, a protocol or an option is not what it must be */
  constructor(url: Address, protocols: string | readonly string[] = [], options: TicketWebSocketOptions = {}) {
    super("WebSocket", url, options, ["open", "message", "error", "close", "waiting"]);
    this.#protocols = [protocols].flat();
    if (!this.#protocols.every((protocol) => TOKEN.test(protocol)) || new Set(this.#protocols).size < this.#protocols.length) {
      throw new TypeError("protocols must be different tokens");
    }
    const { carrier = "query" } = options;
    if (carrier !== "query" && (carrier !== "subprotocol" || !this.#protocols.length)) {
      throw new TypeError("carrier must be query, or subprotocol with protocols");
    }
    const { terminalCodes: codes = TERMINAL_CODES } = options;
    this.#terminalCodes = new Set([...codes].map((terminalCodes) => numberIn({ terminalCodes }, "terminalCodes", 0)));
    this.#queueLimit = numberIn(options, "queueLimit", 2 ** 20);
  }

  /** What the backend chose; empty if it wrongly chose the one that has the ticket in it. */
  get protocol(): string {
    return this.#protocols.find((protocol) => protocol === this.attempt?.native.protocol) ?? "";
  }

  get extensions(): string {
    return this.attempt?.native.extensions ?? "";
  }

  get bufferedAmount(): number {
    return this.#bytes + (this.attempt?.native.bufferedAmount ?? 0);
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    this.#binaryType = type;
    if (this.attempt) {
      this.attempt.native.binaryType = type;
    }
  }

  /**
   * Sends now, or when there is a connection. Once closed, it drops the data, as the browser's own does.
   *
   * @throws RangeError if too much waits already
   */
  send(given: Data): void {
    const data = sendable(given);
    if (this.readyState === this.OPEN) {
      this.attempt?.native.send(data);
    } else if (this.isWanted || !this.#wasClosed) {
      const copy = new Blob([data]); // the caller may change its buffer meanwhile
      // Each costs something, even if it is empty.
      if (this.#bytes + this.#waiting.length + copy.size >= this.#queueLimit) {
        throw new RangeError("Send queue full");
      }
      this.#waiting.push(typeof data === "string" ? data : copy);
      this.#bytes += copy.size;
    }
  }

  /** Ends the connection and the attempts, and drops what waits to be sent. It can be opened again. */
  override close(code?: number, reason?: string): void {
    this.attempt?.close(code, reason);
    this.stop();
  }

  protected override dial(Class: NonNullable<TicketWebSocketOptions["WebSocket"]>, url: URL, ticket: string): WebSocket {
    const { carrier, parameter } = this.settings;
    const socket =
      carrier === "subprotocol"
        ? new Class(url.href, [...this.#protocols, `ticket.${ticket}`])
        : new Class(withParameter(url, ticket, parameter).href, [...this.#protocols]);
    socket.binaryType = this.#binaryType;
    return socket;
  }

  protected override mayFollow(event: Event): boolean {
    return !this.#terminalCodes.has((event as CloseEvent).code) && super.mayFollow(event);
  }

  protected override tell(event: Event): void {
    super.tell(event);
    // Its listeners may have closed it.
    if (event.type === "open" && this.readyState === this.OPEN) {
      for (const data of this.#takeWaiting()) {
        this.attempt?.native.send(data);
      }
    }
  }

  protected override stop(): void {
    this.#wasClosed = true;
    this.#takeWaiting();
    super.stop();
  }

  /** What waited, which does not wait any more. */
  #takeWaiting(): (string | Blob)[] {
    this.#bytes = 0;
    return this.#waiting.splice(0);
  }
}

/** The data as the browser's own class takes it: what is not binary is a text. */
function sendable(data: unknown): Data {
  // By what it has, not by its class: a Blob of an iframe is one of another realm.
  const { byteLength, arrayBuffer } = Object(data);
  return (byteLength ?? arrayBuffer) === undefined ? String(data) : (data as Data);
}
