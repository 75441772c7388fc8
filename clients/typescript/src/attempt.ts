// SPDX-License-Identifier: Apache-2.0
import { whenForbidden } from "./policy.js";
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
export interface Attempt<Native> {
  readonly native: Native;
  readonly isOpen: boolean;
  /** The network was away and is back meanwhile: it may have been dead. */
  networkWasAway: boolean;
  /** How long it has been open, in milliseconds; less than nothing if it never was. */
  age(): number;
  /** Has no effect the second time. */
  listenTo(type: string): void;
  /** Ends it as the browser's own classes do, with a closing handshake if there is one, but not for ever. */
  close(code?: number, reason?: string): void;
  /** Ends it at once. */
  end(event?: Event): void;
}

/**
 * @param tell is told what happens until the end
 * @param ended is told the event that ended it; whatever the native one tells after that is ignored
 */
export function attemptOf<Native extends WebSocket | EventSource>(
  native: Native,
  types: Iterable<string>,
  limits: Limits,
  tell: (event: Event) => void,
  ended: (event: Event) => void,
): Attempt<Native> {
  /** The browser's own tells the end of a stream as an error. */
  const isStream = !("send" in native);
  const over = new AbortController();
  const { signal } = over;
  /** No message is told any more. */
  let isClosing = false;
  /** How long it may still be silent. */
  let left: () => number;
  let limit: ReturnType<typeof setTimeout> | undefined;

  const end = (event: Event = isStream ? new Event("error") : closed()): void => {
    clearTimeout(limit);
    isClosing = true;
    over.abort();
    ended(event);
    native.close(); // an event stream would come back by itself, with the spent ticket
  };

  const check = (): void => {
    clearTimeout(limit);
    if (left() > 0) {
      limit = timer(left(), check);
    } else {
      if (!isStream && !isClosing) {
        tell(new Event("error"));
      }
      end();
    }
  };

  /** From now on, it may be silent for so many milliseconds. */
  const allow = (milliseconds: number): void => {
    left = countdown(milliseconds);
    check();
  };

  const endSoon = (): void => {
    if (!isClosing) {
      isClosing = true;
      allow(GRACE);
    }
  };

  const hear = (event: Event): void => {
    if (isClosing) {
      return;
    }
    left = countdown(limits.idleTimeout);
    if (!isMessage(event)) {
      attempt.age = stopwatch();
      check();
    }
    tell(again(event));
  };

  const handle = (event: Event): void => {
    if (signal.aborted) {
      return;
    }
    // What was received comes first, since an event stream may have events of any type.
    if (isMessage(event) || event.type === "open") {
      hear(event);
    } else if (event.type === "close" || isStream) {
      end(again(event));
    } else {
      tell(again(event));
      endSoon(); // in case that no end is told
    }
  };

  const attempt: Attempt<Native> = {
    native,
    networkWasAway: false,
    age: () => -1,
    get isOpen() {
      return native.readyState === 1 && !isClosing;
    },
    listenTo(type) {
      native.addEventListener(type, handle);
    },
    close(...parameters) {
      native.close(...parameters);
      endSoon();
    },
    end,
  };

  for (const type of types) {
    attempt.listenTo(type);
  }
  whenBack(
    signal,
    () => {
      if (native.readyState < 2 && !isClosing) {
        attempt.networkWasAway = true;
        end();
      }
    },
    check,
  );
  // Chromium tells a policy's refusal by an error like any other, and of a socket no end. What has been open, no policy forbids.
  whenForbidden(native.url, signal, (error) => {
    if (attempt.age() < 0) {
      end(failed(error));
    }
  });
  allow(limits.connectTimeout);
  return attempt;
}
