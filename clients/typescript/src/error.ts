// SPDX-License-Identifier: Apache-2.0
import { waitOf } from "./wait.js";

/**
 * Why there is no ticket.
 *
 * - `logged-out`: 401, a redirect to a login page, or a page where a ticket should be. The user has to log in.
 * - `forbidden`: 403 (Laravel says 419, Rails 422), and again with the CSRF token read anew. The page is of an earlier login: load it again.
 * - `misconfigured`: any other status from 400 to 499, as 404 where there is no issuing endpoint, or a request that can't be made at all.
 * - `limited`: 429.
 * - `unavailable`: any other status (503: the store is down), no network, no answer in time, or an answer without a ticket.
 */
export type TicketErrorReason = "logged-out" | "forbidden" | "misconfigured" | "limited" | "unavailable";

/** There is no ticket. The message never has one in it. */
export class TicketError extends Error {
  override readonly name = "TicketError";
  declare readonly reason: TicketErrorReason;
  /** The HTTP status, 0 if there was no answer. */
  declare readonly status: number;
  /** The milliseconds that the server asked to wait for (`Retry-After`), at most an hour, or 0. */
  declare readonly retryAfter: number;
  /** Whether asking again can't help: somebody has to do something first. */
  declare readonly final: boolean;

  /** @param advice what to do about it, for the message */
  constructor(reason: TicketErrorReason, status = 0, retryAfter = 0, cause?: unknown, advice = "") {
    super(`no ticket: ${reason} (${status})${advice && `. ${advice}`}`, { cause });
    Object.assign(this, { reason, status, retryAfter, final: reason !== "limited" && reason !== "unavailable" });
  }
}

/** Runs what would fail another time, too. What a browser says of an address quotes it: the error is told without the ticket. */
export function permanently<T>(run: () => T, ticket = ""): T {
  try {
    return run();
  } catch (error) {
    const { name, message } = Object(error) as Error;
    throw Object.assign(new Error(String(message).replaceAll(ticket, "")), { name, final: true });
  }
}

/** Whether another attempt can't help. By the property, not by the class: a page may have two copies of this package. */
export function isFinal(error: unknown): boolean {
  return Object(error).final === true;
}

/** The error as it is if it says whether it is final, and with that all else; there is no ticket for a while for any other reason. */
export function ticketErrorOf(cause: unknown): TicketError {
  return "final" in Object(cause) ? (cause as TicketError) : new TicketError("unavailable", 0, 0, cause);
}

/** What the status of the issuing endpoint's answer says went wrong. */
export function reasonOf({ status }: Response): TicketErrorReason {
  // Request Timeout and Too Early are the client's fault only by their number.
  if (status < 400 || status > 499 || status === 408 || status === 425) {
    return "unavailable";
  }
  const reasons: Partial<Record<number, TicketErrorReason>> = {
    401: "logged-out",
    403: "forbidden",
    419: "forbidden",
    422: "forbidden",
    429: "limited",
  };
  return reasons[status] ?? "misconfigured";
}

/** RFC 9110, section 10.2.3: seconds, or a date, which is one of the server's clock. */
export function retryAfterIn(headers: Headers): number {
  const text = headers.get("Retry-After") ?? "";
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.parse(headers.get("Date") ?? "");
  return waitOf(wait);
}
