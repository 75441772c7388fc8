// SPDX-License-Identifier: Apache-2.0
import { vi } from "vitest";

/** What the issuing endpoint answers, one after another; the last one again and again. */
type Answer = Response | Error | Promise<Response> | ((signal: AbortSignal) => Promise<Response>);

/** The issuing endpoint, in place of the network. */
export class Endpoint {
  readonly requests: Request[] = [];
  readonly #answers: (() => Answer)[];
  #issued = 0;
  /** How many requests are not answered yet, and how many were at most. */
  pending = 0;
  mostPending = 0;

  constructor(...answers: (() => Answer)[]) {
    this.#answers = answers;
    vi.stubGlobal("fetch", (url: string | URL, init: RequestInit) => this.#ask(url, init));
  }

  /** An answer with a ticket that was never given before. */
  issue(more: object = { expires_in: 10 }): Response {
    return json({ status: "ok", message: ticket(this.#issued++), ...more });
  }

  async #ask(url: string | URL, init: RequestInit): Promise<Response> {
    const request = new Request(new URL(url, "https://app.example"), init);
    this.requests.push(request);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    this.pending++;
    this.mostPending = Math.max(this.pending, this.mostPending);
    try {
      const given = answer ? answer() : this.issue();
      if (given instanceof Error) {
        throw given;
      }
      return typeof given === "function" ? await given(request.signal) : await given;
    } finally {
      this.pending--;
    }
  }
}

export function ticket(number: number): string {
  return `ticket${String(number).padStart(21, "0")}`;
}

export function json(body: unknown, status = 200, headers: HeadersInit = {}): Response {
  return Response.json(body, { status, headers });
}

export function refusal(status: number, headers: HeadersInit = {}): () => Response {
  return () => json({ status: "error", message: "no" }, status, headers);
}

/** No answer until the request is given up. */
export function silence(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
