// SPDX-License-Identifier: Apache-2.0
import { Attempt } from "./attempt.js";
import { waitBy } from "./backoff.js";
import { isFinal } from "./error.js";
import { safely } from "./options.js";
import type { Settings } from "./settings.js";
import { again, eventWith } from "./target.js";
import { pause, within } from "./wait.js";

/** The connection that has this life: what differs between a WebSocket and an event stream, and where everything is told. */
export interface Host<Native> {
  /** The address for the next attempt. */
  nextAddress(signal: AbortSignal): Promise<URL>;
  /** Begins to connect, with this ticket. */
  dialWith(address: URL, ticket: string): Native;
  /** The types of the native events to listen to. */
  types(): Iterable<string>;
  /** Whether no other attempt follows this end. */
  isFinal(event: Event): boolean;
  /** The connection is open, and everybody knows. */
  opened(): void;
  received(event: MessageEvent): void;
  dispatchEvent(event: Event): unknown;
}

/** How an attempt ended. */
interface End {
  event: Event;
  /** Another attempt can't help, or the backend does not want it. */
  final: boolean;
  /** It was open for long enough. */
  stable?: boolean;
}

/** What happens from opening to closing: attempt after attempt, each with a ticket of its own. */
export class Life<Native extends WebSocket | EventSource> {
  attempt: Attempt<Native> | undefined;
  readonly #end = new AbortController();
  readonly #host: Host<Native>;
  readonly #settings: Settings;
  /** Aborted when the next attempt is to follow at once. */
  #hurry = new AbortController();
  /** Whether the application wants it. */
  #isAsked = false;

  constructor(host: Host<Native>, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get isOver(): boolean {
    return this.signal.aborted;
  }

  /** No other attempt follows. What becomes of the one there is, is its own matter. */
  end(): void {
    this.#end.abort();
  }

  /** Gives up the attempt or the wait that there is, for another attempt at once, whatever the options say. */
  hurryUp(): void {
    this.#isAsked = true;
    this.#giveUp();
  }

  #giveUp(): void {
    this.#hurry.abort();
    this.attempt?.end();
  }

  /** Resolves to the event that ended the last attempt, if that was not told before. Never rejects. */
  async run(): Promise<Event | undefined> {
    for (let failures = 0; !this.isOver; failures++) {
      const { event, final, stable } = await this.#try();
      if (stable || this.#hurry.signal.aborted) {
        failures = 0;
      }
      if (final || this.isOver || !this.#mayGoOn(event, failures)) {
        return event;
      }
      this.#host.dispatchEvent(event);
      await this.#wait(failures);
      this.#noHurry();
    }
    return undefined;
  }

  #noHurry(): void {
    this.#hurry = new AbortController();
    this.#isAsked = false;
  }

  #mayGoOn(event: Event, failures: number): boolean {
    const { maxRetries, shouldReconnect } = this.#settings;
    return this.#isAsked || (failures < maxRetries && safely(() => shouldReconnect(event), true));
  }

  async #wait(failures: number): Promise<void> {
    const hurry = this.#hurry.signal;
    const delay = hurry.aborted ? 0 : waitBy(this.#settings.backoff, failures);
    if (!hurry.aborted) {
      this.#tellWait(delay);
    }
    await pause(delay, this.signal, hurry);
  }

  async #try(): Promise<End> {
    const { debug, stableAfter } = this.#settings;
    try {
      this.attempt = await this.#begin();
      const event = await this.attempt.ended;
      debug(`connection ended: ${(event as CloseEvent).code ?? event.type}`);
      const stable = performance.now() - this.attempt.openedAt >= stableAfter;
      return { event, final: this.#host.isFinal(event), stable };
    } catch (error) {
      debug(`no connection: ${error}`);
      return { event: eventWith("error", { error }), final: isFinal(error) };
    } finally {
      this.attempt = undefined;
    }
  }

  async #begin(): Promise<Attempt<Native>> {
    const settings = this.#settings;
    const host = this.#host;
    const { signal } = this;
    const address = await host.nextAddress(signal);
    // The ticket comes last and is used at once: it lives for seconds. The source has its own limits.
    const ticket = await within(Number.POSITIVE_INFINITY, signal, () =>
      settings.tickets.next({ signal, onRetry: this.#onRetry }),
    );
    settings.debug("connecting");
    return new Attempt(host.dialWith(address, ticket), host.types(), {
      ...settings,
      opened: (event) => this.#opened(event),
      received: (event) => host.received(event),
      failed: (event) => host.dispatchEvent(again(event)),
      networkIsBack: () => this.#giveUp(),
    });
  }

  #opened(event: Event): void {
    this.#settings.debug("connection open");
    this.#noHurry(); // it was for this one
    this.#host.dispatchEvent(again(event));
    // Listeners may have closed it, and opened another one.
    if (!this.isOver && this.attempt?.isOpen) {
      this.#host.opened();
    }
  }

  /** Without a ticket, the source waits before it asks again. */
  readonly #onRetry = (error: unknown, delay: number): void => {
    this.#host.dispatchEvent(eventWith("error", { error }));
    this.#tellWait(delay);
  };

  #tellWait(delay: number): void {
    if (!this.isOver) {
      this.#settings.debug(`waiting for ${Math.round(delay)} ms`);
      this.#host.dispatchEvent(eventWith("waiting", { delay }));
    }
  }
}
