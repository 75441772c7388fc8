// SPDX-License-Identifier: Apache-2.0
import { type Address, addressOf, isKnown } from "./address.js";
import type { Attempt } from "./attempt.js";
import { final } from "./error.js";
import { Life } from "./life.js";
import { type ConnectionOptions, type Settings, settingsOf } from "./settings.js";
import { again, closed, defineHandlers, TypedEventTarget } from "./target.js";
import { within } from "./wait.js";

/** Keeps one connection. What {@link TicketWebSocket} and {@link TicketEventSource} have in common. */
export abstract class TicketConnection<
  Native extends WebSocket | EventSource,
  Events,
  Options extends ConnectionOptions,
> extends TypedEventTarget<Events> {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  readonly CONNECTING = 0;
  readonly OPEN = 1;

  protected readonly options: Options;
  readonly #className: "WebSocket" | "EventSource";
  readonly #address: Address;
  readonly #settings: Settings;
  #url = "";
  /** The one there is, or was. */
  #life: Life<Native> | undefined;
  #lastRun: Promise<void> = Promise.resolve();

  /** @throws RangeError, TypeError if the address or an option is not what it must be */
  constructor(className: "WebSocket" | "EventSource", address: Address, options: Options, types: readonly string[]) {
    super();
    this.options = { ...options };
    this.#className = className;
    this.#address = address;
    this.#settings = settingsOf(options);
    if (typeof address !== "function" && isKnown(address)) {
      this.#check(address);
    }
    defineHandlers(this, types);
  }

  /** The address without the ticket; empty before the first attempt if a function gives it. */
  get url(): string {
    return this.#url;
  }

  get readyState(): number {
    if (this.isWanted) {
      return Number(this.attempt?.isOpen === true);
    }
    return this.#className === "WebSocket" && !this.attempt ? 3 : 2;
  }

  /**
   * Begins to connect and goes on until closed; does nothing but to heed the signal while it is at it. A connection that is closed in the
   * same turn of the event loop, as by React's StrictMode, has cost no request and no ticket.
   *
   * @param options.signal closes the connection when aborted
   */
  open({ signal }: { signal?: AbortSignal | undefined } = {}): void {
    if (signal?.aborted) {
      return;
    }
    if (!this.isWanted) {
      const life = new Life<Native>(this, this.#settings);
      this.#life = life;
      this.#lastRun = this.#lastRun.then(() => this.#run(life));
    }
    signal?.addEventListener("abort", () => this.close(), { signal: this.#life?.signal as AbortSignal });
  }

  /**
   * Makes another connection at once, without the wait and without the closing handshake of the one there is, if there is one. Opens a
   * connection that is closed.
   */
  reconnect(): void {
    if (this.isWanted) {
      this.#life?.hurryUp();
    } else {
      this.open();
    }
  }

  abstract close(): void;

  /** The connection or the attempt that there is, or that is closing. */
  protected get attempt(): Attempt<Native> | undefined {
    return this.#life?.attempt;
  }

  /** Whether there is to be a connection. */
  protected get isWanted(): boolean {
    return this.#life?.isOver === false;
  }

  /** No more attempts. */
  protected stop(): void {
    this.#life?.end();
  }

  protected abstract dial(Class: unknown, address: URL, ticket: string): Native;

  /** @internal */
  abstract types(): Iterable<string>;

  /** @internal */
  isFinal(_end: Event): boolean {
    return false;
  }

  /** @internal */
  opened(): void {}

  /** @internal */
  received(event: MessageEvent): void {
    this.dispatchEvent(again(event));
  }

  /** @internal */
  async nextAddress(signal: AbortSignal): Promise<URL> {
    const address = this.#address;
    const given = typeof address === "function" ? await within(this.#settings.connectTimeout, signal, address) : address;
    try {
      if (!this.#nativeClass()) {
        throw new TypeError(`There is no ${this.#className} here: give one among the options`);
      }
      return this.#check(given);
    } catch (error) {
      throw final(error as Error);
    }
  }

  /** @internal */
  dialWith(address: URL, ticket: string): Native {
    try {
      return this.dial(this.#nativeClass(), address, ticket);
    } catch (error) {
      // What a browser says of an address quotes it.
      const { name, message } = error as Error;
      throw final(Object.assign(new Error(message.replaceAll(ticket, "")), { name }));
    }
  }

  #nativeClass(): unknown {
    return (this.options as Record<string, unknown>)[this.#className] ?? globalThis[this.#className];
  }

  #check(address: string | URL): URL {
    const url = addressOf(this.#className === "WebSocket" ? "ws" : "http", address);
    this.#url = url.href;
    return url;
  }

  async #run(life: Life<Native>): Promise<void> {
    const event = await life.run();
    const wasClosed = life.isOver;
    if (this.#life === life) {
      this.stop();
    }
    // Whoever closes a connection is told no error, but its end.
    if (event && (!wasClosed || event.type === "close")) {
      this.dispatchEvent(event);
    }
    if (this.#className === "WebSocket" && event?.type !== "close") {
      this.dispatchEvent(closed());
    }
  }
}
