// SPDX-License-Identifier: Apache-2.0

const LONGEST_TIMER = 2 ** 31 - 1;
const OFFLINE = 30_000;
const AWAKE = 1_000;

/** Waits for so many milliseconds; rejects with the signal's reason as soon as that is aborted. */
export function pause(milliseconds: number, signal: AbortSignal, wakes = false): Promise<void> {
  return new Promise((resolve, reject) => {
    const page = globalThis as { document?: Document; addEventListener?: typeof addEventListener };
    const over = new AbortController();
    const options = { signal: over.signal };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      over.abort();
      signal.aborted ? reject(signal.reason) : resolve();
    };
    const wake = (): void => {
      if (!page.document?.hidden) {
        clearTimeout(timer);
        timer = setTimeout(settle, Math.random() * AWAKE);
      }
    };
    timer = setTimeout(settle, Math.min(milliseconds, LONGEST_TIMER));
    signal.addEventListener("abort", settle, options);
    if (wakes) {
      page.addEventListener?.("online", wake, options);
      page.document?.addEventListener("visibilitychange", wake, options);
    }
    if (signal.aborted) {
      settle();
    }
  });
}

/**
 * Waits before another attempt. Cut short, to a random part of a second, when the network or the page comes back; drawn out while the
 * browser says that there is no network, which it may be wrong about.
 */
export function pauseForRetry(milliseconds: number, signal: AbortSignal): Promise<void> {
  return pause(globalThis.navigator?.onLine === false ? OFFLINE : milliseconds, signal, true);
}
