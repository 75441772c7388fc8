// SPDX-License-Identifier: Apache-2.0
import { type Address, absolute } from "./address.js";
import { type Backoff, fullJitter } from "./backoff.js";
import { TicketError } from "./error.js";
import { pause } from "./pause.js";
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
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  readonly CONNECTING = 0;
  readonly OPEN = 1;

  /** The address without the ticket; empty before the first attempt if a function gives it. */
  url = "";
  protected native: Native | undefined;
  protected life: AbortController | undefined;
  readonly #address: Address;
  readonly #tickets: Pick<TicketSource, "next">;
  #ended: Promise<void> = Promise.resolve();
  /** By `Date.now()`; 0 if the attempt did not come to that. */
  #openedAt = 0;

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
      this.url = absolute(address).href;
    }
    // As the browser's own classes do: onopen for open, and so on.
    const handlers = this as unknown as Record<string, ((event: Event) => void) | null>;
    for (const type of ["open", "message", "error", "close", "waiting"]) {
      handlers[`on${type}`] = null;
      super.addEventListener(type, (event) => handlers[`on${type}`]?.(event));
    }
  }

  get readyState(): number {
    return this.life ? Number(this.native?.readyState === this.OPEN) : this.endType === "close" && !this.native ? 3 : 2;
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

  /** The connection is open, and everybody knows. */
  protected opened?(): void;

  /** Whether no other attempt follows. */
  protected isFinal?(event: Event): boolean;

  /** Gives up this attempt or connection; the event that ends it follows. */
  protected abandon(native: Native): void {
    native.close();
    if (this.endType === "error") {
      native.dispatchEvent(new Event("error")); // an event stream that is closed tells nothing
    }
  }

  /** No more attempts. */
  protected stop(): void {
    this.life?.abort();
    this.life = undefined;
  }

  protected readonly forward = (event: Event): void => {
    this.dispatchEvent(again(event));
  };

  async #keep(life: AbortController): Promise<void> {
    const { signal } = life;
    const { backoff = fullJitter(), stableAfter = 5_000 } = this.options;
    let event: Event | undefined;
    for (let failures = 0; !signal.aborted; failures++) {
      let final: boolean;
      this.#openedAt = 0;
      try {
        event = await this.#attempt(signal);
        final = !!this.isFinal?.(event);
      } catch (error) {
        event = eventWith("error", { error });
        final = error instanceof TicketError;
      }
      if (final || signal.aborted) {
        break;
      }
      this.dispatchEvent(event);
      event = undefined;
      if (this.#openedAt && Date.now() - this.#openedAt >= stableAfter) {
        failures = 0;
      }
      const delay = backoff(failures);
      this.#tell("waiting", { delay });
      await pause(delay, signal).catch(() => {});
    }
    const { aborted } = signal;
    if (this.life === life) {
      this.stop();
    }
    // Who closes a connection is told no error, but its end.
    if (event && (!aborted || event.type === "close")) {
      this.dispatchEvent(event);
    }
    if (this.endType === "close" && event?.type !== "close") {
      this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    }
  }

  async #attempt(signal: AbortSignal): Promise<Event> {
    const address = absolute(typeof this.#address === "function" ? await this.#address() : this.#address);
    this.url = address.href;
    // The ticket comes last and is used at once: it lives for seconds.
    const ticket = await this.#tickets.next({
      signal,
      onRetry: (error, delay) => {
        this.#tell("error", { error });
        this.#tell("waiting", { delay });
      },
    });
    signal.throwIfAborted();
    try {
      return await this.#connect(this.dial(address, ticket));
    } catch (error) {
      // What a browser says of an address quotes it.
      const { name, message } = error as Error;
      throw new DOMException(message.replaceAll(ticket, ""), name);
    }
  }

  #connect(native: Native): Promise<Event> {
    this.native = native;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.abandon(native), this.options.connectTimeout ?? 10_000);
      native.onopen = (event) => {
        clearTimeout(timer);
        this.#openedAt = Date.now();
        this.forward(event);
        this.opened?.();
      };
      const end = (event: Event): void => {
        clearTimeout(timer);
        native.close(); // an event stream would come back by itself, with the spent ticket
        this.native = undefined;
        resolve(again(event));
      };
      (native as unknown as Record<string, typeof end>)[`on${this.endType}`] = end;
    });
  }

  #tell(type: string, properties: object): void {
    this.dispatchEvent(eventWith(type, properties));
  }
}
