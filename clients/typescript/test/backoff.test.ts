// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test, vi } from "vitest";
import { fullJitter } from "../src/index.js";

/** A generator with a seed (mulberry32), so that a failure comes back. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("Full jitter", () => {
  test("is never below nothing and never beyond the window, whatever the settings", () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seeded(seed);
      vi.spyOn(Math, "random").mockImplementation(random);
      const base = 1 + Math.floor(random() * 10_000);
      const cap = 1 + Math.floor(random() * 100_000);
      const wait = fullJitter(base, cap);
      for (let failures = 0; failures < 2_000; failures += 1 + Math.floor(random() * 40)) {
        const delay = wait(failures);

        expect(delay, `seed ${seed}, failures ${failures}`).toBeGreaterThanOrEqual(0);
        expect(delay, `seed ${seed}, failures ${failures}`).toBeLessThan(Math.min(cap, base * 2 ** failures));
      }
    }
  });

  test("doubles the window with each failure, up to the cap", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);

    expect([0, 1, 2, 3, 4, 5, 6, 1_000].map(fullJitter())).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test.each([0, 2, 4, 9])("brings 1,000 clients back spread over the window, after %i failures", (failures) => {
    const clients = 1_000;
    const slices = 20;
    vi.spyOn(Math, "random").mockImplementation(seeded(failures));
    const wait = fullJitter();
    const window = Math.min(30_000, 1_000 * 2 ** failures);

    const histogram = new Array<number>(slices).fill(0);
    for (let client = 0; client < clients; client++) {
      const slice = Math.floor((wait(failures) / window) * slices);
      histogram[slice] = (histogram[slice] ?? 0) + 1;
    }

    // 50 in each slice is even. Chi-squared with 19 degrees of freedom is beyond 43.8 once in a thousand times.
    const even = clients / slices;
    const chiSquared = histogram.reduce((sum, count) => sum + (count - even) ** 2 / even, 0);
    expect(chiSquared).toBeLessThan(43.8);
  });
});
