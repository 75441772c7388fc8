// SPDX-License-Identifier: Apache-2.0
import { report } from "./target.js";

/**
 * Reads a number among the options.
 *
 * @param least the smallest that it may be
 * @throws RangeError that names the option, if it is anything else
 */
export function numberIn<K extends string>(
  options: { [key in K]?: number | undefined },
  name: K,
  otherwise: number,
  least = 0,
): number {
  const { [name]: value = otherwise } = options as Record<K, unknown>;
  if (typeof value === "number" && value >= least) {
    return value;
  }
  throw new RangeError(`${name} must be a number of at least ${least}`);
}

/**
 * The function, if it is one.
 *
 * @throws TypeError that names the option, if not
 */
export function functionIn<T>(name: string, given: T): T {
  if (typeof given === "function") {
    return given;
  }
  throw new TypeError(`${name} must be a function`);
}

/** Told what happens, for a developer to read. There is never a ticket in it. */
export type Debug = (message: string) => void;

/** What the application's function gives, or something else if it throws, which is reported and must not disturb. */
export function safely<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch (error) {
    report(error);
    return otherwise;
  }
}
