// SPDX-License-Identifier: Apache-2.0
import { type Address, withParameter } from "./address.js";
import { type ConnectionErrorEvent, type ConnectionOptions, TicketConnection, type WaitingEvent } from "./connection.js";
import { type Data, SendQueue } from "./queue.js";
import { constants } from "./target.js";

const TERMINAL_CODES = [1000, 3003, 4403];

export interface TicketWebSocketOptions extends ConnectionOptions {
  /**
   * Where the ticket travels: in the query, or as the subprotocol `ticket.<ticket>`, offered beside the application's own, which must be
   * given then. `query` by default.
   */
  carrier?: "query" | "subprotocol";
  /**
   * The close codes after which there is no other attempt; by default 1000 (done), 3003 (forbidden) and 4403, its customary elder. After a
   * code that says "unauthorized", the answer to the request for the next ticket tells whether the user is logged out.
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
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;

  declare onopen: ((event: Event) => void) | null;
  declare onmessage: ((event: MessageEvent) => void) | null;
  declare onerror: ((event: ConnectionErrorEvent) => void) | null;
  declare onclose: ((event: CloseEvent) => void) | null;
  declare onwaiting: ((event: WaitingEvent) => void) | null;

  readonly #protocols: readonly string[];
  readonly #queue: SendQueue;
  #binaryType: BinaryType = "blob";
  #closed = false;
  #dropped = false;

  constructor(url: Address, protocols: string | readonly string[] = [], options: TicketWebSocketOptions = {}) {
    super(url, options, "close");
    this.#protocols = [protocols].flat();
    this.#queue = new SendQueue(options.queueLimit);
    if (options.carrier === "subprotocol" && !this.#protocols.length) {
      throw new TypeError("A ticket as subprotocol needs a subprotocol of the application beside it");
    }
  }

  get readyState(): number {
    return this.life ? Number(this.isOpen) : this.native ? 2 : 3;
  }

  get protocol(): string {
    return this.native?.protocol ?? "";
  }

  get extensions(): string {
    return this.native?.extensions ?? "";
  }

  get bufferedAmount(): number {
    return this.#queue.bytes + (this.native?.bufferedAmount ?? 0);
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
   * @throws DOMException `QuotaExceededError` if too much waits already
   */
  send(data: Data): void {
    if (this.isOpen) {
      this.native?.send(data);
    } else if (this.life || !this.#closed) {
      this.#queue.add(data);
    }
  }

  /** Ends the connection and the attempts, and drops what waits to be sent. It can be opened again. */
  override close(code?: number, reason?: string): void {
    this.native?.close(code, reason);
    this.stop();
  }

  /** Gives up the connection for another one with a new ticket, as when the application finds it dead. */
  reconnect(): void {
    this.#dropped = true;
    this.native?.close();
  }

  protected override dial(url: URL, ticket: string): WebSocket {
    const { carrier, parameter = "ticket" } = this.options;
    const inQuery = carrier !== "subprotocol";
    const protocols = inQuery ? [...this.#protocols] : [...this.#protocols, `ticket.${ticket}`];
    const socket = new WebSocket(inQuery ? withParameter(url, parameter, ticket) : url, protocols);
    socket.binaryType = this.#binaryType;
    socket.onmessage = this.forward;
    socket.onerror = this.forward;
    this.#dropped = false;
    return socket;
  }

  protected override abandon(socket: WebSocket): void {
    socket.close();
  }

  protected override opened(): void {
    if (this.native && this.isOpen) {
      this.#queue.flush(this.native);
    }
  }

  protected override isFinal({ code }: CloseEvent): boolean {
    return !this.#dropped && (this.options.terminalCodes ?? TERMINAL_CODES).includes(code);
  }

  protected override lastEvent(event: Event | undefined): Event {
    return event ?? new CloseEvent("close", { code: 1006 });
  }

  protected override stop(): void {
    super.stop();
    this.#closed = true;
    this.#queue.clear();
  }

  protected override absolute(address: string | URL): URL {
    const url = super.absolute(address);
    url.protocol = url.protocol.replace("http", "ws");
    return url;
  }
}

constants(TicketWebSocket, "CONNECTING", "OPEN", "CLOSING", "CLOSED");
