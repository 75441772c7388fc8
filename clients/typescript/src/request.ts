// SPDX-License-Identifier: Apache-2.0
import { addressOf, isOwn } from "./address.js";
import { csrfHeaders } from "./csrf.js";
import { endpoint } from "./endpoint.js";
import { errorOf, isFinal, TicketError } from "./error.js";

/** T2 of docs/protocol.md. */
const TICKET = /^[\w-]{22,64}$/;

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

export function isTicket(text: string): boolean {
  return TICKET.test(text);
}

/**
 * Asks the issuing endpoint for a ticket: once, or twice if the CSRF token may have been an old one or if there was a redirect.
 *
 * @throws TicketError if the endpoint gives none; anything else if it could not be asked
 */
export async function requestTicket(options: RequestOptions, signal: AbortSignal): Promise<string> {
  const asked = Date.now();
  let response = await ask(options, "manual", signal);
  if (response.type === "opaqueredirect" || isRedirect(response.status)) {
    response = await follow(options, signal);
  } else if (response.status === 403) {
    response = await ask(options, "manual", signal);
  }
  return ticketIn(response, asked, adviceFor(options));
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** A browser does not say where a redirect leads: to the endpoint's address with a slash at its end, or to a login page. */
async function follow(options: RequestOptions, signal: AbortSignal): Promise<Response> {
  try {
    return await ask(options, "follow", signal);
  } catch (error) {
    // A login page of another origin, which gets nothing of this request.
    throw signal.aborted || isFinal(error) ? error : new TicketError("logged-out", 0, 0, error);
  }
}

async function ask({ url, csrf, fetch = globalThis.fetch }: RequestOptions, redirect: RequestRedirect, signal: AbortSignal) {
  const address = endpointAt(url);
  const own = isOwn(address);
  const given = typeof csrf === "function" ? await csrf() : (csrf ?? (own ? csrfHeaders() : {}));
  const headers = headersOf(given);
  // The same address that was checked: fetch itself would make another one of a relative one under a <base> element.
  return fetch(address.href, {
    method: "POST",
    headers,
    credentials: "include",
    cache: "no-store",
    mode: own ? "same-origin" : "cors",
    redirect,
    signal,
  });
}

function endpointAt(url: string | URL = endpoint()): URL {
  try {
    return addressOf("http", url);
  } catch (cause) {
    throw new TicketError("misconfigured", 0, 0, cause, `Give the issuing endpoint as url. ${(cause as Error).message}`);
  }
}

/** @throws TicketError without the cause, which may quote the token */
export function headersOf(csrf: HeadersInit | undefined): Headers {
  try {
    return new Headers(csrf);
  } catch {
    throw new TicketError("misconfigured", 0, 0, undefined, "What csrf gives can't be headers");
  }
}

/** What a worker must be told: it can't see the page's CSRF token. */
function adviceFor({ csrf }: RequestOptions): string {
  return csrf || "document" in globalThis ? "" : "There is no document with a CSRF token here: give it as csrf";
}

/** The ticket in `{"status":"ok","message":TICKET,"expires_in":SECONDS}`. */
async function ticketIn(response: Response, asked: number, advice: string): Promise<string> {
  if (isRedirect(response.status) || (response.ok && /^text\/html/i.test(response.headers.get("Content-Type") ?? ""))) {
    throw new TicketError("logged-out", response.status);
  }
  if (!response.ok) {
    throw errorOf(response, advice);
  }
  // What went wrong with the body stays unsaid: a JSON parser's message quotes its input.
  const body: unknown = await response.json().catch(() => {});
  const { status, message, expires_in: expiresIn } = Object(body) as { status: unknown; message: unknown; expires_in: number };
  const ticket = String(message);
  const late = Date.now() - asked >= expiresIn * 1000; // as when the machine slept meanwhile
  if (status !== "ok" || !isTicket(ticket) || late) {
    throw new TicketError(response.redirected ? "logged-out" : "unavailable", response.status);
  }
  return ticket;
}
