// SPDX-License-Identifier: Apache-2.0

/**
 * Why there is no ticket.
 *
 * - `logged-out`: 401, or a redirect to a login page. The user has to log in.
 * - `forbidden`: 403, and again with the CSRF token read anew. The page is of an earlier login: load it again.
 * - `limited`: 429.
 * - `unavailable`: any other status (503: the store is down), no network, no answer in time, or an answer without a ticket.
 */
export type TicketErrorReason = "logged-out" | "forbidden" | "limited" | "unavailable";

/** There is no ticket. The message never has one in it. */
export class TicketError extends Error {
  override readonly name = "TicketError";
  declare readonly reason: TicketErrorReason;
  /** The HTTP status, 0 if there was no answer. */
  declare readonly status: number;
  /** The milliseconds that the server asked to wait for (`Retry-After`), or 0. */
  declare readonly retryAfter: number;
  /** Whether asking again can't help: the user has to do something first. */
  declare readonly final: boolean;

  constructor(reason: TicketErrorReason, status = 0, retryAfter = 0, cause?: unknown) {
    super(`no ticket: ${reason} (${status})`, { cause });
    Object.assign(this, { reason, status, retryAfter, final: ["logged-out", "forbidden"].includes(reason) });
  }
}

/** What the issuing endpoint's answer says went wrong. */
export function errorOf({ headers, status, type }: Response): TicketError {
  const reasons: Record<number, TicketErrorReason> = { 401: "logged-out", 403: "forbidden", 429: "limited" };
  const reason = reasons[type === "opaqueredirect" ? 401 : status] ?? "unavailable";
  // RFC 9110, section 10.2.3: seconds, or a date.
  const wait = String(headers.get("Retry-After"));
  const seconds = Number(wait);
  const retryAfter = seconds >= 0 ? seconds * 1000 : Date.parse(wait) - Date.now();
  return new TicketError(reason, status, Math.max(retryAfter, 0) || 0);
}
