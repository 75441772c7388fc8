// SPDX-License-Identifier: Apache-2.0
import { type Address, withParameter } from "./address.js";
import { TicketConnection } from "./connection.js";
import { optionIn } from "./options.js";
import type { ConnectionErrorEvent, ConnectionOptions, WaitingEvent } from "./settings.js";
import { isMessage } from "./target.js";

export interface TicketEventSourceOptions extends ConnectionOptions {
  /** Whether cookies go to another origin; no by default: the ticket is enough. */
  withCredentials?: boolean | undefined;
  /**
   * The query parameter that carries the id of the last event that was received, since a new request of an `EventSource` can't have the
   * header `Last-Event-ID`; `lastEventId` by default.
   */
  lastEventIdParameter?: string | undefined;
  /** Used in place of the global one. */
  EventSource?: (new (url: string, init: EventSourceInit) => EventSource) | undefined;
}

/** An event of the stream that is named `open`, `error` or `waiting` is a `MessageEvent`, and has `data`. */
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
export class TicketEventSource
  extends TicketConnection<EventSource, TicketEventSourceEventMap, TicketEventSourceOptions>
  implements EventSource
{
  static readonly CLOSED = 2;
  readonly CLOSED = 2;

  declare onopen: ((event: Event) => void) | null;
  declare onmessage: ((event: MessageEvent) => void) | null;
  declare onerror: ((event: ConnectionErrorEvent) => void) | null;
  declare onwaiting: ((event: WaitingEvent) => void) | null;

  readonly withCredentials: boolean;
  readonly #idParameter: string;
  #lastEventId = "";
  /** Whether this connection has told one. Before that its events have none, which does not mean that there is none any more. */
  #hasId = false;

  /** @throws RangeError, TypeError if the address or an option is not what it must be */
  constructor(url: Address, options: TicketEventSourceOptions = {}) {
    super("EventSource", url, options, ["open", "message", "error", "waiting"]);
    this.withCredentials = options.withCredentials ?? false;
    this.#idParameter = optionIn(options, "lastEventIdParameter", "lastEventId", "string");
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
  override addEventListener(type: string, listener: EventListener | null, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener, options);
    this.types.add(type);
    this.attempt?.listenTo(type);
  }

  /** Ends the connection and the attempts. It can be opened again, and goes on behind the last event then. */
  override close(): void {
    this.stop();
    this.attempt?.end();
  }

  protected override dial(Class: NonNullable<TicketEventSourceOptions["EventSource"]>, url: URL, ticket: string): EventSource {
    const { withCredentials } = this;
    let address = withParameter(url, ticket, this.settings.parameter);
    this.#hasId = false;
    if (this.#lastEventId) {
      address = withParameter(address, this.#lastEventId, this.#idParameter);
    }
    return new Class(address.href, { withCredentials });
  }

  protected override tell(event: Event): void {
    if (isMessage(event)) {
      this.#hasId ||= event.lastEventId !== "";
      if (this.#hasId) {
        this.#lastEventId = event.lastEventId;
      }
    }
    super.tell(event);
  }
}
