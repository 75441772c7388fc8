// SPDX-License-Identifier: Apache-2.0

/**
 * Why there is no ticket.
 *
 * - `logged-out`: 401, or a redirect to a login page. The user has to log in.
 * - `forbidden`: 403, and again with the CSRF token read anew. The page is of an earlier login: load it again.
 * - `rejected`: another 4xx: the address or the request is wrong.
 * - `limited`: 429.
 * - `unavailable`: 5xx, no network, no answer in time, or an answer that is none.
 */
export type TicketErrorReason = "logged-out" | "forbidden" | "rejected" | "limited" | "unavailable";

/** There is no ticket. The message never has one in it. */
export class TicketError extends Error {
  override readonly name = "TicketError";
  readonly reason: TicketErrorReason;
  /** The HTTP status, 0 if there was no answer. */
  readonly status: number;
  /** The milliseconds that the server asked to wait for (`Retry-After`), or 0. */
  readonly retryAfter: number;

  constructor(reason: TicketErrorReason, status = 0, retryAfter = 0, cause?: unknown) {
    super(`no ticket: ${reason} (${status})`, { cause });
    this.reason = reason;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether asking again can't help: the user or the developer has to do something first. */
  get final(): boolean {
    return !["limited", "unavailable"].includes(this.reason);
  }
}

/** What the issuing endpoint's answer says went wrong. */
export function errorOf({ headers, status, type }: Response): TicketError {
  const byStatus: Record<number, TicketErrorReason> = { 401: "logged-out", 403: "forbidden", 429: "limited" };
  const otherwise = type === "opaqueredirect" ? "logged-out" : status >= 400 && status < 500 ? "rejected" : "unavailable";
  return new TicketError(byStatus[status] ?? otherwise, status, retryAfter(headers.get("Retry-After") ?? ""));
}

/** RFC 9110, section 10.2.3: seconds, or a date. In milliseconds from now. */
function retryAfter(value: string): number {
  const seconds = Number(value);
  return Math.max(0, Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000) || 0;
}
