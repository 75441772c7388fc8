// SPDX-License-Identifier: Apache-2.0

/** The milliseconds to wait after so many failures in a row: 0 failures for a connection that was open and lost. */
export type Backoff = (failures: number) => number;

/**
 * Exponential backoff with full jitter: any time between 0 and `base * 2^failures`, at most `cap`, all of them equally likely, so that
 * clients that were dropped together do not come back together.
 *
 * @param base milliseconds
 * @param cap milliseconds
 */
export function fullJitter(base = 1_000, cap = 30_000): Backoff {
  return (failures) => Math.random() * Math.min(cap, base * 2 ** failures);
}
