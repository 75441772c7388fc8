// SPDX-License-Identifier: Apache-2.0
import { final } from "./error.js";
import { again, closed, failed, isMessage } from "./target.js";
import { countdown, stopwatch, timer, whenBack } from "./wait.js";

/** How long the other end may take for its part of a closing handshake, in milliseconds. Browsers wait for a minute. */
const GRACE = 2_000;

/** How long it may be silent, in milliseconds. */
export interface Limits {
  /** Until it is open. */
  connectTimeout: number;
  /** While it is open. */
  idleTimeout: number;
}

/** One connection of the browser's own classes, from its beginning to its end, which comes for certain. */
export class Attempt<Native extends WebSocket | EventSource> {
  /** The event that ended it. Whatever the native one tells after that is ignored. */
  readonly ended: Promise<Event>;
  /** The network was away and is back meanwhile: it may have been dead. */
  networkWasAway = false;
  /** How long it has been open, in milliseconds; less than nothing if it never was. */
  age = (): number => -1;
  /** The browser's own tells the end of a stream as an error. */
  readonly #isStream: boolean;
  readonly #over = new AbortController();
  /** No message is told any more. */
  #isClosing = false;
  /** How long it may still be silent. */
  #left!: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param tell is told what happens until the end */
  constructor(
    readonly native: Native,
    types: Iterable<string>,
    readonly limits: Limits,
    readonly tell: (event: Event) => void,
  ) {
    this.#isStream = !("send" in native);
    const { signal } = this.#over;
    this.ended = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(signal.reason));
    });
    for (const type of types) {
      this.listenTo(type);
    }
    whenBack(
      signal,
      () => this.#networkIsBack(),
      () => this.#check(),
    );
    globalThis.addEventListener?.("securitypolicyviolation", (event) => this.#checkPolicy(event), { signal });
    this.#allow(limits.connectTimeout);
  }

  get isOpen(): boolean {
    return this.native.readyState === 1 && !this.#isClosing;
  }

  /** Has no effect the second time. */
  listenTo(type: string): void {
    this.native.addEventListener(type, this.#handle);
  }

  /** Ends it as the browser's own classes do, with a closing handshake if there is one, but not for ever. */
  close(...parameters: [code?: number, reason?: string]): void {
    this.native.close(...parameters);
    this.#endSoon();
  }

  /** Ends it at once. */
  end(event: Event = this.#isStream ? new Event("error") : closed()): void {
    clearTimeout(this.#timer);
    this.#isClosing = true;
    this.#over.abort(event);
    this.native.close(); // an event stream would come back by itself, with the spent ticket
  }

  readonly #handle = (event: Event): void => {
    if (this.#over.signal.aborted) {
      return;
    }
    // What was received comes first, since an event stream may have events of any type.
    if (isMessage(event) || event.type === "open") {
      this.#hear(event);
    } else if (event.type === "close" || this.#isStream) {
      this.end(again(event));
    } else {
      this.tell(again(event));
      this.#endSoon(); // in case that no end is told
    }
  };

  #hear(event: Event): void {
    if (this.#isClosing) {
      return;
    }
    this.#left = countdown(this.limits.idleTimeout);
    if (!isMessage(event)) {
      this.age = stopwatch();
      this.#check();
    }
    this.tell(again(event));
  }

  #endSoon(): void {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#allow(GRACE);
    }
  }

  /** From now on, it may be silent for so many milliseconds. */
  #allow(limit: number): void {
    this.#left = countdown(limit);
    this.#check();
  }

  #check(): void {
    const left = this.#left();
    clearTimeout(this.#timer);
    if (left > 0) {
      this.#timer = timer(left, () => this.#check());
    } else {
      if (!this.#isStream && !this.#isClosing) {
        this.tell(new Event("error"));
      }
      this.end();
    }
  }

  #networkIsBack(): void {
    if (this.native.readyState < 2 && !this.#isClosing) {
      this.networkWasAway = true;
      this.end();
    }
  }

  /**
   * Chromium tells a policy's refusal by an error like any other, and of a socket no end. What has been open, no policy forbids. A browser that
   * tells a scheme or an origin alone may mean another connection.
   */
  #checkPolicy({ blockedURI, disposition }: SecurityPolicyViolationEvent): void {
    if (disposition === "enforce" && this.age() < 0 && this.native.url === blockedURI) {
      this.end(failed(final(new Error("Content-Security-Policy forbids it"))));
    }
  }
}
