// SPDX-License-Identifier: Apache-2.0
import { isNumber } from "./options.js";

/** 23 days. A timer that is a little longer would fire at once. */
const LONGEST = 2_000_000_000;

/** An hour. */
const LONGEST_WAIT = 3_600_000;

/** The limit of what has none. */
export const ENDLESS = Infinity;

/**
 * Tells how many milliseconds have passed since a moment, by default since now. One of the two clocks can be set, the other may stop while
 * the machine sleeps: the one that says more is taken.
 */
export function stopwatch(wall = Date.now(), monotonic = performance.now()): () => number {
  return () => Math.max(Date.now() - wall, performance.now() - monotonic);
}

/** Tells how many milliseconds are left of so many from now on; less than nothing when they are over. */
export function countdown(milliseconds: number): () => number {
  const passed = stopwatch();
  return () => milliseconds - passed();
}

/** The wait that somebody else says, in milliseconds, at most an hour; or another one if that is no number from 0 on. */
export function waitOf(said: unknown, otherwise = 0): number {
  return isNumber(said) ? Math.min(said, LONGEST_WAIT) : otherwise;
}

/** The next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

/** A timer that a number too large makes late, not early. */
export function timer(milliseconds: number, callback: () => void): ReturnType<typeof setTimeout> {
  return setTimeout(callback, Math.min(milliseconds, LONGEST));
}

/**
 * What somebody else's work gives, or a rejection as soon as the signal is aborted or the time is over. The work has a signal that is aborted
 * then, and when it is done, but need not obey.
 */
export async function within<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => T | Promise<T>,
  milliseconds = ENDLESS,
): Promise<T> {
  signal.throwIfAborted();
  // Not AbortSignal.any and AbortSignal.timeout, which Safari before 17.4 and Firefox before 124 do not have.
  const own = new AbortController();
  const limit = timer(milliseconds, () => own.abort(new DOMException("timeout", "TimeoutError")));
  signal.addEventListener("abort", () => own.abort(signal.reason), { signal: own.signal });
  try {
    return await new Promise<T>((resolve, reject) => {
      // Before the work begins, which may abort the signal.
      own.signal.addEventListener("abort", () => reject(own.signal.reason));
      Promise.resolve(work(own.signal)).then(resolve, reject);
    });
  } finally {
    clearTimeout(limit);
    own.abort();
  }
}

/** Calls when the network comes back, and when the page is shown again. */
export function whenBack(signal: AbortSignal, network: () => void, page: () => void): void {
  const { document } = globalThis as Partial<typeof globalThis>;
  // Node.js has neither of them.
  globalThis.addEventListener?.("online", network, { signal });
  document?.addEventListener?.("visibilitychange", () => document.hidden || page(), { signal });
}

/**
 * Waits for so many milliseconds, or less: until the network or the page comes back, or until the signal is aborted; but for a turn of the
 * event loop in any case.
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const turn = nextTurn();
  const back = (own: AbortSignal) => new Promise<void>((resolve) => whenBack(own, resolve, resolve));
  await within(signal, back, milliseconds).catch(() => {});
  await turn;
}
