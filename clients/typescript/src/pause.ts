// SPDX-License-Identifier: Apache-2.0

const SLICE = 1_000;

/** Settles like the promise, or rejects with the signal's reason as soon as that is aborted. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * Waits for so many milliseconds, or less: it ends within a second after the network or the page has come back. Rejects with the signal's
 * reason as soon as that is aborted.
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { document, navigator } = globalThis as Partial<typeof globalThis>;
  const end = performance.now() + milliseconds;
  let wasAway = false;
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    const away = !navigator?.onLine || document?.hidden === true;
    if (wasAway && !away) {
      break;
    }
    wasAway = away;
    // In slices: a timer can't be longer than 24 days, and one that sleeps through the return of the network would be late.
    await unlessAborted(new Promise((resolve) => setTimeout(resolve, Math.min(left, SLICE))), signal);
  }
}
