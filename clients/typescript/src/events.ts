// SPDX-License-Identifier: Apache-2.0
import { type Address, withParameter } from "./address.js";
import { type ConnectionErrorEvent, type ConnectionOptions, TicketConnection, type WaitingEvent } from "./connection.js";

/** What this class itself tells; every other type is a type of the stream's events. */
const OWN_TYPES = ["open", "error", "waiting"];

export interface TicketEventSourceOptions extends ConnectionOptions {
  /** Whether cookies go to another origin; no by default: the ticket is enough. */
  withCredentials?: boolean;
  /**
   * The query parameter that carries the id of the last event that was received, since a new request of an `EventSource` can't have the
   * header `Last-Event-ID`; `lastEventId` by default.
   */
  lastEventIdParameter?: string;
}

export interface TicketEventSourceEventMap {
  open: Event;
  message: MessageEvent;
  error: ConnectionErrorEvent;
  waiting: WaitingEvent;
}

/**
 * An `EventSource` that comes back with a new ticket, where the browser's own would come back with the spent one and stop for good.
 *
 * It has the interface of the browser's own class, but the constructor opens nothing: `open()` does. `error` tells the end of each connection
 * and attempt: `readyState` is `CONNECTING` then if another follows, and `CLOSED` if not, as when the user is logged out.
 */
export class TicketEventSource extends TicketConnection<EventSource, TicketEventSourceEventMap, TicketEventSourceOptions> {
  static readonly CLOSED = 2;
  readonly CLOSED = 2;

  declare onopen: ((event: Event) => void) | null;
  declare onmessage: ((event: MessageEvent) => void) | null;
  declare onerror: ((event: ConnectionErrorEvent) => void) | null;
  declare onwaiting: ((event: WaitingEvent) => void) | null;

  readonly #types = new Set(["message"]);
  #lastEventId = "";

  constructor(url: Address, options: TicketEventSourceOptions = {}) {
    super(url, options, "error");
  }

  override addEventListener<K extends keyof TicketEventSourceEventMap>(
    type: K,
    listener: (event: TicketEventSourceEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: ((event: MessageEvent) => void) | EventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(type: string, listener: EventListener, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener, options);
    if (!OWN_TYPES.includes(type)) {
      this.#types.add(type);
      this.native?.addEventListener(type, this.#receive); // has no effect the second time
    }
  }

  /** Ends the connection and the attempts. It can be opened again, and goes on behind the last event then. */
  override close(): void {
    this.stop();
    if (this.native) {
      this.abandon(this.native);
    }
  }

  protected override dial(url: URL, ticket: string): EventSource {
    const { parameter, lastEventIdParameter = "lastEventId" } = this.options;
    const address = withParameter(url, ticket, parameter);
    const id = this.#lastEventId;
    const source = new EventSource(id ? withParameter(address, id, lastEventIdParameter) : address, this.options);
    for (const type of this.#types) {
      source.addEventListener(type, this.#receive);
    }
    return source;
  }

  readonly #receive = (event: MessageEvent): void => {
    this.#lastEventId = event.lastEventId;
    this.forward(event);
  };
}
