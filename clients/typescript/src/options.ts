// SPDX-License-Identifier: Apache-2.0
import { report } from "./target.js";

/** Whether it is a number that is not too small. */
export function isNumber(value: unknown, least = 0): value is number {
  return typeof value === "number" && value >= least;
}

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
  if (isNumber(value, least)) {
    return value;
  }
  throw new RangeError(`${name} must be a number of at least ${least}`);
}

/**
 * Reads a function among the options, or a text that is not empty.
 *
 * @throws TypeError that names the option, if it is anything else
 */
export function optionIn<O extends object, F>(
  options: O,
  name: keyof O & string,
  otherwise: F,
  type: "function" | "string" = "function",
): F {
  const { [name]: value = otherwise } = options;
  if (typeof value === type && value) {
    return value as F;
  }
  throw new TypeError(`${name} must be a ${type}`);
}

/** Told what happens, for a developer to read. There is never a ticket in it. */
export type Debug = (message: string) => void;

/** What the application's function gives, or something else if it throws, which is reported and must not disturb. */
export function safely<T>(run: () => T, otherwise?: T): T {
  try {
    return run();
  } catch (error) {
    report(error);
    return otherwise as T;
  }
}
