// SPDX-License-Identifier: Apache-2.0
import { type Address, withParameter } from "./address.js";
import { type ConnectionErrorEvent, type ConnectionOptions, TicketConnection, type WaitingEvent } from "./connection.js";

const TERMINAL_CODES = [3003, 4403];

export interface TicketWebSocketOptions extends ConnectionOptions {
  /**
   * Where the ticket travels: in the query, or as the subprotocol `ticket.<ticket>`, offered beside the application's own, which must be
   * given then. `query` by default.
   */
  carrier?: "query" | "subprotocol";
  /**
   * The close codes after which there is no other attempt; by default 3003 (forbidden) and 4403, its customary elder. Not 1000, with which
   * many servers also shut down. After a code that says "unauthorized", the answer to the request for the next ticket tells whether the user
   * is logged out.
   */
  terminalCodes?: readonly number[];
  /** How many bytes may wait for a connection; 1 MiB by default, 0 for none. Beyond that, `send` throws. */
  queueLimit?: number;
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
 * It ends when it is closed, when its signal is aborted, when the user is logged out (`error` with a `TicketError`, then `close`), and when
 * the backend closes with a terminal code.
 */
export class TicketWebSocket extends TicketConnection<WebSocket, TicketWebSocketEventMap, TicketWebSocketOptions> {
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
  #waiting: (string | Blob)[] = [];
  #waitingBytes = 0;
  #binaryType: BinaryType = "blob";
  #closed?: boolean;

  constructor(url: Address, protocols: string | readonly string[] = [], options: TicketWebSocketOptions = {}) {
    super(url, options, "close");
    this.#protocols = [protocols].flat();
    if (options.carrier === "subprotocol" && !this.#protocols.length) {
      throw new TypeError("No protocol beside the ticket");
    }
  }

  /** What the backend chose; empty if it wrongly chose the one that has the ticket in it. */
  get protocol(): string {
    const protocol = this.native?.protocol ?? "";
    return this.#protocols.includes(protocol) ? protocol : "";
  }

  get bufferedAmount(): number {
    return this.#waitingBytes + (this.native?.bufferedAmount ?? 0);
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    this.#binaryType = type;
    if (this.native) {
      this.native.binaryType = type;
    }
  }

  /**
   * Sends now, or when there is a connection. Once closed, it drops the data, as the browser's own does.
   *
   * @throws RangeError if too much waits already
   */
  send(data: string | Blob | BufferSource): void {
    if (this.readyState === this.OPEN) {
      this.native?.send(data);
    } else if (this.life || !this.#closed) {
      const blob = new Blob([data]); // a copy: the caller may change its buffer meanwhile
      if (this.#waitingBytes + this.#waiting.length + blob.size >= (this.options.queueLimit ?? 2 ** 20)) {
        throw new RangeError("Send queue full");
      }
      this.#waiting.push(typeof data === "string" ? data : blob);
      this.#waitingBytes += blob.size;
    }
  }

  /** Ends the connection and the attempts, and drops what waits to be sent. It can be opened again. */
  override close(code?: number, reason?: string): void {
    this.native?.close(code, reason);
    this.stop();
  }

  protected override dial(url: URL, ticket: string): WebSocket {
    const { carrier, parameter } = this.options;
    const inQuery = carrier !== "subprotocol";
    const protocols = inQuery ? [...this.#protocols] : [...this.#protocols, `ticket.${ticket}`];
    const socket = new WebSocket(inQuery ? withParameter(url, ticket, parameter) : url, protocols);
    socket.binaryType = this.#binaryType;
    socket.onmessage = this.forward;
    socket.onerror = this.forward;
    return socket;
  }

  protected override opened(): void {
    for (const data of this.#waiting) {
      this.native?.send(data);
    }
    this.#dropWaiting();
  }

  protected override isFinal({ code }: CloseEvent): boolean {
    return (this.options.terminalCodes ?? TERMINAL_CODES).includes(code);
  }

  protected override stop(): void {
    super.stop();
    this.#closed = true;
    this.#dropWaiting();
  }

  #dropWaiting(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
