// SPDX-License-Identifier: Apache-2.0
import { again, closed, isMessage } from "./target.js";
import { timer, whenBack } from "./wait.js";

/** How long the other end may take for its part of a closing handshake, in milliseconds. Browsers wait for a minute. */
const GRACE = 2_000;

/** What an attempt tells, and how long it may take. */
export interface Watch {
  /** In milliseconds, until it is open. */
  connectTimeout: number;
  /** In milliseconds, between two messages. */
  idleTimeout: number;
  opened(event: Event): void;
  received(event: MessageEvent): void;
  /** It has failed; its end follows. */
  failed(event: Event): void;
  /** It is open, but the network was away: what is open may be dead. */
  networkIsBack(): void;
}

/** One connection of the browser's own classes, from its beginning to its end, which comes for certain. */
export class Attempt<Native extends WebSocket | EventSource> {
  /** The event that ended it. Whatever the native one tells after that is ignored. */
  readonly ended: Promise<Event>;
  /** By `performance.now()`. */
  openedAt = Number.POSITIVE_INFINITY;
  readonly #watch: Watch;
  /** The browser's own tells the end of a stream as an error. */
  readonly #isStream: boolean;
  /** Aborted when no message can come any more. */
  readonly #deaf = new AbortController();
  #end: ((event: Event) => void) | undefined;
  /** There is one limit at a time. */
  #limit: ReturnType<typeof setTimeout>;
  /** When something was heard last: by a clock that can be set, and by one that may stop while the machine sleeps. */
  #heard: readonly [number, number] = [0, 0];

  constructor(
    readonly native: Native,
    types: Iterable<string>,
    watch: Watch,
  ) {
    this.#watch = watch;
    this.#isStream = !("send" in native);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    for (const type of types) {
      this.listenTo(type);
    }
    this.#limit = timer(watch.connectTimeout, () => this.#fail());
  }

  get isOpen(): boolean {
    return this.native.readyState === 1 && !this.#deaf.signal.aborted;
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
    clearTimeout(this.#limit);
    this.#deaf.abort();
    this.#end?.(event);
    this.#end = undefined;
    this.native.close(); // an event stream would come back by itself, with the spent ticket
  }

  readonly #handle = (event: Event): void => {
    if (!this.#end) {
      return;
    }
    const { type } = event;
    // What was received comes first, since an event stream may have events of any type.
    if (isMessage(event) || type === "open") {
      if (!this.#deaf.signal.aborted) {
        this.#hear(event);
      }
    } else if (type === "close" || this.#isStream) {
      this.end(again(event));
    } else {
      this.#watch.failed(event);
      this.#endSoon(); // Chromium tells no end of a socket that the page's Content-Security-Policy forbids
    }
  };

  #hear(event: Event): void {
    this.#heard = [Date.now(), performance.now()];
    if (isMessage(event)) {
      this.#watch.received(event);
      return;
    }
    this.openedAt = performance.now();
    whenBack(
      this.#deaf.signal,
      () => this.#watch.networkIsBack(),
      () => this.#checkIdle(),
    );
    this.#checkIdle();
    this.#watch.opened(event);
  }

  #checkIdle(): void {
    const [wall, monotonic] = this.#heard;
    const left = this.#watch.idleTimeout - Math.max(Date.now() - wall, performance.now() - monotonic);
    clearTimeout(this.#limit);
    if (left > 0) {
      this.#limit = timer(left, () => this.#checkIdle());
    } else {
      this.#fail();
    }
  }

  #endSoon(): void {
    if (this.#end && !this.#deaf.signal.aborted) {
      this.#deaf.abort();
      clearTimeout(this.#limit);
      this.#limit = timer(GRACE, () => this.end());
    }
  }

  #fail(): void {
    if (!this.#isStream) {
      this.#watch.failed(new Event("error"));
    }
    this.end();
  }
}
