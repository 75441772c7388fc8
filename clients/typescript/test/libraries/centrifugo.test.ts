// SPDX-License-Identifier: Apache-2.0
import { describe, test } from "vitest";
import { comesBackUntilTheLogout, world } from "./backend.js";
import { connect } from "./centrifuge.example.js";
import { Centrifugo, noCentrifugo } from "./centrifugo.js";

if (noCentrifugo) {
  console.info(`SKIPPED: centrifuge with a real Centrifugo. ${noCentrifugo}`);
}

describe.skipIf(noCentrifugo)("With a real Centrifugo", () => {
  const { issuer, backend } = world();

  test("centrifuge has a ticket for each attempt", async () => {
    const centrifugo = await Centrifugo.start(backend());
    const told: unknown[] = [];
    try {
      const client = connect(issuer().tickets, centrifugo.url, (error) => told.push(error));

      await comesBackUntilTheLogout(issuer(), backend(), told);
      client.disconnect();
    } finally {
      centrifugo.stop();
    }
  }, 60_000);
});
