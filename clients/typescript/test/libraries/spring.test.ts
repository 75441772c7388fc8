// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@stomp/stompjs";
import { describe, expect, test } from "vitest";
import { comesBackUntilTheLogout, world } from "./backend.js";
import { noSpring, SpringBroker } from "./spring.js";
import { connect } from "./stompjs.example.js";

if (noSpring) {
  console.info(`SKIPPED: STOMP with Spring's broker. ${noSpring}`);
}

describe.skipIf(noSpring)("With Spring's broker", () => {
  const { issuer, backend } = world();

  test("@stomp/stompjs has a ticket for each attempt, and hears what it has subscribed to", async () => {
    const broker = await SpringBroker.start(backend());
    const told: unknown[] = [];
    const heard: string[] = [];
    let client: Client | undefined;
    try {
      client = connect(issuer().tickets, broker.url, (error) => told.push(error));
      client.onConnect = () => {
        client?.subscribe("/topic/chat", ({ body }) => heard.push(body));
        client?.publish({ destination: "/topic/chat", body: `hello ${heard.length}` });
      };
      await comesBackUntilTheLogout(issuer(), backend(), told);

      expect(heard.length).toBeGreaterThanOrEqual(2);
    } finally {
      await client?.deactivate();
      broker.stop();
    }
  }, 180_000);
});
