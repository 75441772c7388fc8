// SPDX-License-Identifier: Apache-2.0
import { addressOf, CREDENTIALS, isOwn } from "./address.js";
import { csrfHeaders } from "./csrf.js";
import { endpoint } from "./endpoint.js";
import { reasonOf, retryAfterIn, TicketError } from "./error.js";
import { optionIn } from "./options.js";
import { whenForbidden } from "./policy.js";
import { nextTurn, stopwatch } from "./wait.js";

export interface RequestOptions {
  /** The issuing endpoint; by default `/ticket/`, below the context path of the application if that serves this script. */
  url?: string | URL | undefined;
  /**
   * Headers that carry the CSRF token, or what gives them, called before each request. By default they are found in the page (see
   * {@link csrfHeaders}), for an endpoint of the page's own origin; another origin gets no CSRF token that is not given here.
   */
  csrf?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined;
  /** Used in place of the global one. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** T2 of docs/protocol.md. */
export function isTicket(text: string): boolean {
  return /^[\w-]{22,64}$/.test(text);
}

/**
 * Asks the issuing endpoint for a ticket: once, or again if the CSRF token may have been an old one or if there was a redirect.
 *
 * @throws TicketError if the endpoint gives none; anything else if it could not be asked
 */
export async function requestTicket(options: RequestOptions, signal: AbortSignal): Promise<string> {
  const sinceAsked = stopwatch();
  const ask = (redirect: RequestRedirect) => askOnce(options, redirect, signal);
  let response = await ask("manual");
  if (isRedirect(response)) {
    // A browser does not say whereto: to the endpoint's address with a slash at its end, or to a login page. If that is of another origin,
    // it looks like a network that is away, and then asking again fails.
    response = await ask("follow").catch(() => ask("manual"));
  } else if (reasonOf(response) === "forbidden") {
    response = await ask("manual");
  }
  return ticketIn(response, sinceAsked, options);
}

/** A browser tells it with a status of 0, as the answer to what could not be asked. */
function isRedirect({ ok, status, type }: Response): boolean {
  return !ok && status < 400 && type !== "error";
}

async function askOnce(options: RequestOptions, redirect: RequestRedirect, signal: AbortSignal) {
  const { url, csrf } = options;
  const fetch = configured(() => optionIn(options, "fetch", globalThis.fetch), "Give fetch");
  const address = endpointAt(url);
  const own = isOwn(address);
  const given = typeof csrf === "function" ? await csrf() : (csrf ?? (own ? csrfHeaders() : {}));
  const headers = headersOf(given);
  let forbidden: Error | undefined;
  whenForbidden(address.href, signal, (error) => {
    forbidden = error;
  });
  try {
    // The same address that was checked: fetch itself would make another one of a relative one under a <base> element.
    return await fetch(address.href, {
      method: "POST",
      headers,
      credentials: "include",
      cache: "no-store",
      mode: own ? "same-origin" : "cors",
      redirect,
      signal,
    });
  } catch (error) {
    await nextTurn(); // what the policy has forbidden is told a little later
    throw forbidden ? new TicketError("misconfigured", 0, 0, undefined, forbidden.message) : error;
  }
}

/** @throws TicketError if it is no address that can be asked */
export function endpointAt(url: string | URL = endpoint()): URL {
  return configured(() => {
    const address = addressOf("http", url);
    if (CREDENTIALS.test(address.href)) {
      throw address; // so would fetch, each time
    }
    return address;
  }, "url must be a full http: address, no credentials");
}

/** @throws TicketError if they can be none */
export function headersOf(csrf: HeadersInit | undefined): Headers {
  return configured(() => new Headers(csrf), "csrf must be headers");
}

/** Without what the browser says, which may quote the token. */
function configured<T>(make: () => T, advice: string): T {
  try {
    return make();
  } catch {
    throw new TicketError("misconfigured", 0, 0, undefined, advice);
  }
}

/** The ticket in `{"status":"ok","message":TICKET,"expires_in":SECONDS}`. */
async function ticketIn(response: Response, sinceAsked: () => number, { csrf }: RequestOptions): Promise<string> {
  const { ok, redirected, headers } = response;
  // What went wrong with the body stays unsaid: a JSON parser's message quotes its input.
  const body: unknown = ok && (await response.json().catch(() => {}));
  const { status, message, expires_in: expiresIn } = Object(body) as { status: unknown; message: unknown; expires_in: unknown };
  const ticket = String(message);
  const late = typeof expiresIn === "number" && sinceAsked() >= expiresIn * 1000; // as when the machine slept meanwhile
  if (status === "ok" && isTicket(ticket) && !late) {
    return ticket;
  }
  const isPage = ok && !late && (redirected || (!body && /html/i.test(String(headers.get("Content-Type")))));
  const reason = isPage || isRedirect(response) ? "logged-out" : reasonOf(response);
  const advice = reason !== "forbidden" || csrf || "document" in globalThis ? "" : "Give csrf";
  throw new TicketError(reason, response.status, retryAfterIn(headers), undefined, advice);
}
