// SPDX-License-Identifier: Apache-2.0
import { isKnown } from "./address.js";
import { type Backoff, type Retries, waitBy, withRetries } from "./backoff.js";
import { type TicketError, ticketErrorOf } from "./error.js";
import { numberIn, optionIn, safely } from "./options.js";
import { endpointAt, headersOf, isTicket, type RequestOptions, requestTicket } from "./request.js";
import { countdown, pause, stopwatch, waitOf, within } from "./wait.js";

export interface TicketSourceOptions extends RequestOptions {
  /** The ticket that the page was rendered with: used once, and only while it is fresh. */
  first?: string | null | undefined;
  /** How long the first ticket lives, in seconds; 10 by default. */
  firstExpiresIn?: number | undefined;
  /** How long the endpoint, and the function that gives the CSRF token, have for their answer, in milliseconds; 10 seconds by default. */
  timeout?: number | undefined;
  /** The wait between attempts when the endpoint is unavailable. */
  backoff?: Backoff | undefined;
  /** How often a caller's request is repeated when the endpoint is unavailable, before the caller is told so; without end by default. */
  maxRetries?: number | undefined;
}

export interface NextOptions {
  /** Ends the attempt; the promise is rejected with its reason. */
  signal?: AbortSignal | undefined;
  /** Told each time that there was no ticket but will be another attempt, in so many milliseconds. */
  onRetry?: ((error: TicketError, delay: number) => void) | undefined;
}

/** Where tickets come from. */
export type Tickets = Pick<TicketSource, "next">;

/**
 * The tickets of a page: each call gives another one, which opens one connection.
 *
 * A ticket is never given twice. Requests are made one after another: each caller needs a ticket of its own, so callers can't share an
 * answer, and a page with many connections asks in turn instead of all at once. A caller that gave up while waiting for its turn costs no
 * request.
 */
export class TicketSource {
  readonly #settings: TicketSourceOptions & Retries & { timeout: number; firstExpiresIn: number };
  /** Tells everybody who asks, whether it is their turn or not, why they wait and how long. */
  readonly #callers = new Set<(delay: number) => void>();
  #line: Promise<unknown> = Promise.resolve();
  /** How long everybody waits yet, and why. */
  #left = countdown(0);
  #error: unknown;

  /** @throws RangeError, TypeError, TicketError if an option is not what it must be */
  constructor(options: TicketSourceOptions = {}) {
    this.#settings = {
      ...withRetries(options),
      timeout: numberIn(options, "timeout", 10_000, 1),
      firstExpiresIn: numberIn(options, "firstExpiresIn", 10),
    };
    optionIn(options, "fetch", Object); // the global one is looked up at each request
    if (options.url !== undefined && isKnown(options.url)) {
      endpointAt(options.url);
    }
    if (typeof options.csrf !== "function") {
      headersOf(options.csrf);
    }
  }

  /**
   * A ticket that was never used, for one attempt to connect.
   *
   * An endpoint that is down or asks to wait (`Retry-After`) is asked again, with backoff, until it answers or the signal ends it.
   *
   * @throws TicketError that is final: the user is logged out, for example; or the last one, after so many retries
   */
  async next({ signal = new AbortController().signal, onRetry }: NextOptions = {}): Promise<string> {
    const tell = (delay: number): void => {
      if (!signal.aborted) {
        safely(() => onRetry?.(this.#error as TicketError, delay));
      }
    };
    this.#callers.add(tell);
    try {
      if (this.#left() > 0) {
        tell(this.#left());
      }
      return await within(signal, () => {
        const turn = this.#line.then(() => this.#next(signal, tell));
        this.#line = turn.catch(() => {});
        return turn;
      });
    } finally {
      this.#callers.delete(tell);
    }
  }

  async #next(signal: AbortSignal, tell: (delay: number) => void): Promise<string> {
    const { backoff, maxRetries, timeout } = this.#settings;
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      while (this.#left() > 0) {
        await pause(this.#left(), signal);
        signal.throwIfAborted();
      }
      try {
        return this.#takeFirst() ?? (await within(signal, (limited) => requestTicket(this.#settings, limited), timeout));
      } catch (cause) {
        signal.throwIfAborted();
        const error = ticketErrorOf(cause);
        if (error.final) {
          throw error;
        }
        const asked = waitOf(error.retryAfter);
        const delay = asked + waitBy(backoff, failures);
        const isLast = failures >= maxRetries;
        if (isLast) {
          this.#callers.delete(tell); // who is told by the rejection
        }
        if (asked || !isLast) {
          this.#error = error;
          this.#left = countdown(delay);
          for (const each of [...this.#callers]) {
            each(delay);
          }
        }
        if (isLast) {
          throw error;
        }
        await pause(delay, signal);
        if (!asked) {
          this.#left = countdown(0);
        }
      }
    }
  }

  #takeFirst(): string | undefined {
    const settings = this.#settings;
    const first = String(settings.first); // a template may make "null" or "None" of what is not there
    settings.first = null;
    const age = stopwatch(performance.timeOrigin, 0); // it was not issued before the page was asked for
    return isTicket(first) && age() < settings.firstExpiresIn * 1000 ? first : undefined;
  }
}
