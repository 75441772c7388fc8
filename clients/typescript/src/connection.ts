// SPDX-License-Identifier: Apache-2.0
import { type Address, absolute } from "./address.js";
import { type Backoff, fullJitter } from "./backoff.js";
import { pauseForRetry } from "./pause.js";
import { TicketSource } from "./source.js";
import { again, eventWith, TypedEventTarget } from "./target.js";

export interface ConnectionOptions {
  /** Where the tickets come from; by default `POST /ticket/` of the page's origin. */
  tickets?: Pick<TicketSource, "next">;
  /** The query parameter that carries the ticket; `ticket` by default. */
  parameter?: string;
  /** How long an attempt may take, in milliseconds; 10 seconds by default. */
  connectTimeout?: number;
  /** How long a connection must have been open, in milliseconds, for the backoff to begin anew; 5 seconds by default. */
  stableAfter?: number;
  /** The wait before another attempt to connect. */
  backoff?: Backoff;
}

/** With `error`, there was no ticket or no address, and it says why. Without, the browser's own event: the connection failed. */
export interface ConnectionErrorEvent extends Event {
  readonly error?: unknown;
}

/** Another attempt follows. */
export interface WaitingEvent extends Event {
  /** In so many milliseconds, or sooner when the network or the page comes back. */
  readonly delay: number;
}

/** How an attempt and the connection that came of it ended, and when that was opened by `Date.now()`, or 0. */
interface End {
  event: Event;
  openedAt: number;
}

/**
 * Keeps one connection: attempt after attempt, each with a ticket of its own, and never two at once.
 *
 * @internal what {@link TicketWebSocket} and {@link TicketEventSource} have in common
 */
export abstract class TicketConnection<
  Native extends WebSocket | EventSource,
  Events,
  Options extends ConnectionOptions,
> extends TypedEventTarget<Events> {
  /** The address without the ticket; empty before the first attempt if a function gives it. */
  url = "";
  protected native: Native | undefined;
  protected life: AbortController | undefined;
  readonly #address: Address;
  readonly #tickets: Pick<TicketSource, "next">;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    address: Address,
    protected readonly options: Options,
    /** The type of the event that ends a connection. */
    protected readonly endType: string,
  ) {
    super();
    this.#address = address;
    this.#tickets = options.tickets ?? new TicketSource();
    if (typeof address !== "function") {
      this.url = this.absolute(address).href;
    }
    // As the browser's own classes do: onopen for open, and so on.
    const handlers = this as unknown as Record<string, ((event: Event) => void) | null>;
    for (const type of ["open", "message", "error", "close", "waiting"]) {
      handlers[`on${type}`] = null;
      super.addEventListener(type, (event) => handlers[`on${type}`]?.(event));
    }
  }

  /**
   * Begins to connect and goes on until closed; does nothing while it is at it. A connection that is closed in the same turn of the event
   * loop, as by React's StrictMode, has cost no request and no ticket.
   *
   * @param options.signal closes the connection when aborted
   */
  open({ signal }: { signal?: AbortSignal } = {}): void {
    if (!this.life && !signal?.aborted) {
      const life = new AbortController();
      this.life = life;
      signal?.addEventListener("abort", () => this.close(), { signal: life.signal });
      this.#ended = this.#ended.then(() => this.#keep(life));
    }
  }

  abstract close(): void;

  /** Begins to connect, with this ticket. */
  protected abstract dial(address: URL, ticket: string): Native;

  /** Gives up this attempt or connection; the event that ends it follows. */
  protected abstract abandon(native: Native): void;

  /** The connection is open, and everybody knows. */
  protected opened(): void {}

  /** Whether no other attempt follows. */
  protected isFinal(_: Event): boolean {
    return false;
  }

  /** What is told when no attempt follows, given the event that ended the connection, if there was one. */
  protected abstract lastEvent(event: Event | undefined): Event | undefined;

  protected get isOpen(): boolean {
    return this.native?.readyState === 1 && !!this.life;
  }

  /** No more attempts. */
  protected stop(): void {
    this.life?.abort();
    this.life = undefined;
  }

  protected absolute(address: string | URL): URL {
    return absolute(address);
  }

  protected readonly forward = (event: Event): void => {
    this.dispatchEvent(again(event));
  };

  async #keep(life: AbortController): Promise<void> {
    const { signal } = life;
    const { backoff = fullJitter(), stableAfter = 5_000 } = this.options;
    let last: Event | undefined;
    try {
      for (let failures = 0; ; failures++) {
        const { event, openedAt } = await this.#attempt(signal);
        if (signal.aborted || this.isFinal(event)) {
          last = event;
          break;
        }
        this.forward(event);
        if (openedAt && Date.now() - openedAt >= stableAfter) {
          failures = 0;
        }
        const delay = backoff(failures);
        this.#waiting(delay);
        await pauseForRetry(delay, signal);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.stop();
        this.#failed(error);
      }
    }
    if (this.life === life) {
      this.stop();
    }
    last = this.lastEvent(last);
    if (last) {
      this.forward(last);
    }
  }

  async #attempt(signal: AbortSignal): Promise<End> {
    signal.throwIfAborted();
    let address: URL;
    try {
      address = this.absolute(typeof this.#address === "function" ? await this.#address() : this.#address);
    } catch (error) {
      return { event: eventWith("error", { error }), openedAt: 0 };
    }
    this.url = address.href;
    // The ticket comes last and is used at once: it lives for seconds.
    const ticket = await this.#tickets.next({
      signal,
      onRetry: (error, delay) => {
        this.#failed(error);
        this.#waiting(delay);
      },
    });
    signal.throwIfAborted();
    try {
      return await this.#connect(this.dial(address, ticket));
    } catch (error) {
      // What a browser says of an address quotes it.
      const { name, message } = error as Error;
      throw new DOMException(message.replaceAll(ticket, "…"), name);
    }
  }

  #connect(native: Native): Promise<End> {
    this.native = native;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.abandon(native), this.options.connectTimeout ?? 10_000);
      let openedAt = 0;
      native.addEventListener("open", (event) => {
        clearTimeout(timer);
        openedAt = Date.now();
        this.forward(event);
        this.opened();
      });
      native.addEventListener(this.endType, (event) => {
        clearTimeout(timer);
        this.native = undefined;
        resolve({ event, openedAt });
      });
    });
  }

  #waiting(delay: number): void {
    this.dispatchEvent(eventWith("waiting", { delay }));
  }

  #failed(error: unknown): void {
    this.dispatchEvent(eventWith("error", { error }));
  }
}
