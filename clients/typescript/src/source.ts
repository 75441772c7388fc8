// SPDX-License-Identifier: Apache-2.0
import { absolute } from "./address.js";
import { type Backoff, fullJitter } from "./backoff.js";
import { csrfHeaders } from "./csrf.js";
import { errorOf, TicketError } from "./error.js";
import { pause, unlessAborted } from "./pause.js";

const TICKET = /^[\w-]{22,64}$/;

export interface TicketSourceOptions {
  /** The issuing endpoint; `/ticket/` by default. */
  url?: string | URL;
  /**
   * Headers that carry the CSRF token, or what gives them, called before each request. By default they are found in the page (see
   * {@link csrfHeaders}), for an endpoint of the page's own origin; another origin gets no CSRF token that is not given here.
   */
  csrf?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** The ticket that the page was rendered with: used once, and only while it is fresh. */
  first?: string | null | undefined;
  /** How long the first ticket lives, in seconds; 10 by default. */
  firstExpiresIn?: number;
  /** How long the endpoint has for its answer, in milliseconds; 10 seconds by default. */
  timeout?: number;
  /** The wait between attempts when the endpoint is unavailable. */
  backoff?: Backoff;
}

export interface NextOptions {
  /** Ends the attempt; the promise is rejected with its reason. */
  signal?: AbortSignal;
  /** Told each time that there was no ticket but will be another attempt, in so many milliseconds. */
  onRetry?: (error: TicketError, delay: number) => void;
}

/**
 * The tickets of a page: each call gives another one, which opens one connection.
 *
 * A ticket is never given twice. Requests are made one after another: each caller needs a ticket of its own, so callers can't share an
 * answer, and a page with many connections asks in turn instead of all at once. Who gave up while waiting for its turn costs no request.
 */
export class TicketSource {
  readonly #options: TicketSourceOptions;
  readonly #url: string | URL;
  readonly #backoff: Backoff;
  #first: string | null | undefined;
  #line: Promise<unknown> = Promise.resolve();
  #notBefore = 0;

  constructor(options: TicketSourceOptions = {}) {
    this.#options = options;
    this.#url = options.url ?? "/ticket/";
    this.#backoff = options.backoff ?? fullJitter();
    this.#first = options.first;
  }

  /**
   * A ticket that was never used, for one attempt to connect.
   *
   * An endpoint that is down or asks to wait (`Retry-After`) is asked again, with backoff, until it answers or the signal ends it.
   *
   * @throws TicketError that is final: the user is logged out, for example
   */
  async next({ signal = new AbortController().signal, onRetry }: NextOptions = {}): Promise<string> {
    signal.throwIfAborted();
    const turn = this.#line.then(() => this.#next(signal, onRetry));
    this.#line = turn.catch(() => {});
    return unlessAborted(turn, signal);
  }

  async #next(signal: AbortSignal, onRetry: NextOptions["onRetry"]): Promise<string> {
    for (let failures = 0; ; failures++) {
      while (performance.now() < this.#notBefore) {
        await pause(this.#notBefore - performance.now(), signal);
      }
      signal.throwIfAborted();
      try {
        return this.#takeFirst() ?? (await this.#post(signal));
      } catch (error) {
        signal.throwIfAborted();
        const { final, retryAfter } = error as TicketError;
        if (final) {
          throw error;
        }
        const delay = retryAfter + this.#backoff(failures);
        onRetry?.(error as TicketError, delay);
        if (retryAfter) {
          this.#notBefore = performance.now() + delay; // for everybody who asks this source
        } else {
          await pause(delay, signal);
        }
      }
    }
  }

  #takeFirst(): string | undefined {
    const { firstExpiresIn = 10 } = this.#options;
    const first = String(this.#first); // a template may make "null" or "None" of what is not there
    this.#first = "";
    // When it was issued is not known, but not before the page was asked for.
    const age = Date.now() - performance.timeOrigin;
    return TICKET.test(first) && age < firstExpiresIn * 1000 ? first : undefined;
  }

  async #post(given: AbortSignal): Promise<string> {
    const signal = AbortSignal.any([given, AbortSignal.timeout(this.#options.timeout ?? 10_000)]);
    const asked = Date.now();
    let response = await this.#ask(signal);
    if (response.status === 403) {
      response = await this.#ask(signal);
    }
    if (!response.ok) {
      throw errorOf(response);
    }
    return ticketIn(response, asked);
  }

  async #ask(signal: AbortSignal): Promise<Response> {
    try {
      const { csrf = () => (absolute(this.#url).origin === location.origin ? csrfHeaders() : {}) } = this.#options;
      const headers = await (typeof csrf === "function" ? csrf() : csrf);
      const init: RequestInit = {
        method: "POST",
        headers,
        credentials: "include",
        cache: "no-store",
        redirect: "manual",
        signal,
      };
      return await fetch(this.#url, init);
    } catch (cause) {
      throw new TicketError("unavailable", 0, 0, cause);
    }
  }
}

/** The ticket in `{"status":"ok","message":TICKET,"expires_in":SECONDS}`. */
async function ticketIn(response: Response, asked: number): Promise<string> {
  // What went wrong with the body stays unsaid: a JSON parser's message quotes its input.
  const body: unknown = await response.json().catch(() => {});
  const { status, message, expires_in: expiresIn } = Object(body) as { status: unknown; message: unknown; expires_in: number };
  const ticket = String(message);
  const late = Date.now() - asked >= expiresIn * 1000; // as when the machine slept meanwhile
  if (status !== "ok" || !TICKET.test(ticket) || late) {
    throw new TicketError("unavailable", response.status);
  }
  return ticket;
}
