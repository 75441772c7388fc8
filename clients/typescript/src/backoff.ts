// SPDX-License-Identifier: Apache-2.0
import { numberIn, optionIn, safely } from "./options.js";
import { ENDLESS, waitOf } from "./wait.js";

/** The milliseconds to wait after so many failures in a row, at most an hour: 0 failures for a connection that was open and lost. */
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

const otherwise = fullJitter();

/** How often and how soon there is another attempt, as the options say. */
export interface Retries {
  backoff: Backoff;
  maxRetries: number;
}

/**
 * The options, with these.
 *
 * @throws RangeError, TypeError if one of them is not what it must be
 */
export function withRetries<O extends { [key in keyof Retries]?: Retries[key] | undefined }>(options: O): O & Retries {
  return {
    ...options,
    backoff: optionIn(options, "backoff", otherwise),
    maxRetries: numberIn(options, "maxRetries", ENDLESS),
  };
}

/** What the application's backoff says, or full jitter if that is no number from 0 on. */
export function waitBy(backoff: Backoff, failures: number): number {
  return waitOf(
    safely(() => backoff(failures)),
    otherwise(failures),
  );
}
