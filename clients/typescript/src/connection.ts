// SPDX-License-Identifier: Apache-2.0
import { type Address, addressOf, isKnown } from "./address.js";
import { type Attempt, attemptOf } from "./attempt.js";
import { waitBy } from "./backoff.js";
import { isFinal, permanently } from "./error.js";
import { optionIn, safely } from "./options.js";
import { type ConnectionErrorEvent, type ConnectionOptions, type Settings, settingsOf } from "./settings.js";
import { closed, defineHandlers, eventWith, failed, isMessage, type TypedEventTargetClass } from "./target.js";
import { nextTurn, pause, waitOf, within } from "./wait.js";

/** Keeps one connection. What {@link TicketWebSocket} and {@link TicketEventSource} have in common. */
export abstract class TicketConnection<
  Native extends WebSocket | EventSource,
  Events,
  Options extends ConnectionOptions,
> extends (EventTarget as TypedEventTargetClass)<Events> {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  abstract readonly CLOSED: number;

  protected readonly settings: Options & Settings;
  /** The types of the events that are told, native ones among them. */
  protected readonly types: Set<string>;
  readonly #className: "WebSocket" | "EventSource";
  readonly #address: Address;
  #url = "";
  #attempt: Attempt<Native> | undefined;
  /** From opening to closing. */
  #life: AbortController | undefined;
  /** The one that was given last. */
  #signal: AbortSignal | undefined;
  readonly #abort = (): void => this.close();
  /** Attempt after attempt: from opening to closing, or to the next reconnect(). */
  #run: AbortController | undefined;
  /** The next one follows when the last one is over: there are never two connections. */
  #lastRun: Promise<void> = Promise.resolve();

  /** @throws RangeError, TypeError if the address or an option is not what it must be */
  constructor(className: "WebSocket" | "EventSource", address: Address, options: Options, types: readonly string[]) {
    super();
    this.settings = settingsOf(options);
    this.types = new Set(types);
    this.#className = className;
    optionIn(options as Record<string, unknown>, className, Object);
    this.#address = address;
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
      return this.#attempt?.isOpen ? 1 : 0;
    }
    return this.#attempt ? 2 : this.CLOSED;
  }

  /**
   * Begins to connect and goes on until closed; does nothing but to heed the signal while it is at it. A connection that is closed in the
   * same turn of the event loop, as by React's StrictMode, has cost no request and no ticket.
   *
   * @param options.signal closes the connection when aborted
   * @throws TypeError if it is no signal
   */
  open({ signal }: { signal?: AbortSignal | undefined } = {}): void {
    if (signal?.aborted) {
      return;
    }
    const isOpen = this.isWanted;
    const life = (isOpen && this.#life) || new AbortController();
    signal?.addEventListener("abort", this.#abort, { signal: life.signal });
    this.#signal = signal ?? (isOpen ? this.#signal : undefined);
    this.#life = life;
    if (!isOpen) {
      this.#begin();
    }
  }

  /**
   * Makes another connection at once: gives up the attempt or the wait that there is, and waits for no closing handshake. Opens a connection
   * that is closed, with the signal that it was opened with (the last one of several): not if that is aborted.
   */
  reconnect(): void {
    this.#run?.abort();
    this.#attempt?.end();
    if (this.isWanted) {
      this.#begin();
    } else {
      this.open({ signal: this.#signal });
    }
  }

  abstract close(): void;

  /** The connection or the attempt that there is, or that is closing. */
  protected get attempt(): Attempt<Native> | undefined {
    return this.#attempt;
  }

  /** Whether there is to be a connection. */
  protected get isWanted(): boolean {
    return this.#life?.signal.aborted === false;
  }

  /** No more attempts. */
  protected stop(): void {
    this.#life?.abort();
    this.#run?.abort();
  }

  /** Begins to connect, with this ticket. */
  protected abstract dial(Class: unknown, address: URL, ticket: string): Native;

  /** Whether another attempt may follow this end of one. */
  protected mayFollow(event: Event): boolean {
    return !isFinal((event as ConnectionErrorEvent).error) && safely(() => this.settings.shouldReconnect(event), true);
  }

  protected tell(event: Event): void {
    if (!isMessage(event)) {
      const { code, delay, error } = event as Partial<CloseEvent & { delay: number; error: unknown }>;
      safely(() => this.settings.debug([event.type, error ?? code ?? delay].join(" ")));
    }
    this.dispatchEvent(event);
  }

  #begin(): void {
    const run = new AbortController();
    this.#run = run;
    this.#lastRun = this.#lastRun.then(() => this.#keep(run.signal));
  }

  async #keep(run: AbortSignal): Promise<void> {
    const { backoff, maxRetries, stableAfter } = this.settings;
    let end: Event | undefined;
    for (let failures = 0; !run.aborted; failures++) {
      end = await this.#try(run);
      const attempt = this.#attempt;
      this.#attempt = undefined;
      const isBack = attempt?.networkWasAway;
      if (isBack || (attempt && attempt.age() >= stableAfter)) {
        failures = 0;
      }
      if (run.aborted || failures >= maxRetries || !this.mayFollow(end)) {
        break;
      }
      const delay = isBack ? 0 : waitOf(Object((end as ConnectionErrorEvent).error).retryAfter) + waitBy(backoff, failures);
      // The application's functions may have closed it.
      if (run.aborted) {
        break;
      }
      this.#tellWait(run, end, delay);
      end = undefined;
      await pause(delay, run);
    }
    // Whoever ends a connection is told no error, but its end.
    const isTold = !run.aborted || end?.type === "close";
    if (!run.aborted) {
      this.stop();
    }
    if (end && isTold) {
      this.tell(end);
    }
    // The last thing that a socket tells is its end, unless it was opened again meanwhile.
    if (this.#className === "WebSocket" && this.#run?.signal === run && end?.type !== "close") {
      this.tell(closed());
    }
    if (end) {
      await nextTurn(); // as after each attempt
    }
  }

  /** One attempt, with a ticket of its own, up to the event that ends it. */
  async #try(run: AbortSignal): Promise<Event> {
    const { settings } = this;
    const address = this.#address;
    let native: Native | undefined;
    try {
      const url = typeof address === "function" ? await within(run, () => address(), settings.connectTimeout) : address;
      const options = settings as ConnectionOptions as Record<string, unknown>;
      const name = this.#className;
      const [full, Class] = permanently(() => [this.#check(url), optionIn(options, name, globalThis[name])] as const);
      // The ticket comes last and is used at once: it lives for seconds. The source has its own limits.
      const ticket = await within(run, (signal) =>
        settings.tickets.next({
          signal,
          onRetry: (error, delay) => this.#tellWait(signal, failed(error), delay),
        }),
      );
      safely(() => settings.debug("connecting"));
      run.throwIfAborted(); // the hook may have closed it
      return await new Promise((ended) => {
        this.#attempt = permanently(() => {
          native = this.dial(Class, full, ticket);
          return attemptOf(native, this.types, settings, (event) => this.tell(event), ended);
        }, ticket);
      });
    } catch (error) {
      // A class of the application's may have opened something, and lack what else it must have.
      safely(() => native?.close?.());
      return failed(error);
    }
  }

  /** Tells what went wrong and that it goes on, unless that is over, as when a listener closes it. */
  #tellWait(signal: AbortSignal, event: Event, delay: number): void {
    for (const told of [event, eventWith("waiting", { delay })]) {
      if (!signal.aborted) {
        this.tell(told);
      }
    }
  }

  #check(address: string | URL): URL {
    const url = addressOf(this.#className === "WebSocket" ? "ws" : "http", address);
    this.#url = url.href;
    return url;
  }
}
