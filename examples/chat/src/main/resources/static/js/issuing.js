// SPDX-License-Identifier: Apache-2.0
import { meta } from "./page.js";
import { fingerprint } from "./fingerprint.js";

/** The web application no longer knows the user, so there are no more tickets: stop. */
export class LoggedOutError extends Error {}

/** The tickets of this page: the first came with it, each further one is issued by POST /ticket/. */
export class Issuing {
  #first = meta("realtime-ticket");
  #firstIssuedAt = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  #expire = Number(meta("realtime-expire") ?? 10) * 1000;

  /** A ticket that was never used: one for each attempt to connect. */
  async next() {
    const first = this.#first;
    this.#first = null;
    const firstIsFresh = performance.now() - this.#firstIssuedAt < this.#expire;
    if (first && firstIsFresh) {
      return described(first, "with the page", this.#firstIssuedAt, this.#expire);
    }
    const answer = await this.#post();
    return described(answer.message, "by POST /ticket/", performance.now(), answer.expires_in * 1000);
  }

  async #post() {
    const response = await fetch("/ticket/", {
      method: "POST",
      headers: { [meta("_csrf_header")]: meta("_csrf"), Accept: "application/json" },
      redirect: "error",
      cache: "no-store",
    });
    // 403: somebody is logged in again, perhaps somebody else, and this page's CSRF token is of the login before.
    if (response.status === 401 || response.status === 403) {
      throw new LoggedOutError("logged out");
    }
    if (!response.ok) {
      throw new Error(`no ticket: ${response.status}`);
    }
    return response.json();
  }
}

async function described(text, how, issuedAt, expire) {
  return { text, how, issuedAt, expire, fingerprint: await fingerprint(text) };
}
