// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
// @vitest-environment-options { "settings": { "fetch": { "disableSameOriginPolicy": true } } }
import { describe, test } from "vitest";
import { comesBackUntilTheLogout, world } from "./backend.js";
import { angular, svelte, vue } from "./components.js";
import { serveWebSocket } from "./servers.js";

describe("With a real server", () => {
  const { issuer, backend } = world();

  test.each([vue, svelte, angular])(
    "a component in $name has a ticket for each attempt",
    async (connect) => {
      serveWebSocket(backend());
      const told: unknown[] = [];

      connect(issuer().tickets, backend().url, (error) => told.push(error));

      await comesBackUntilTheLogout(issuer(), backend(), told);
    },
    60_000,
  );
});
