// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inject } from "vitest";
import { Network } from "../network.js";
import type { Backend } from "./backend.js";

const folder = new URL("spring-broker/", import.meta.url).pathname;

/** Why Spring's broker can't be started here; empty if it can. On CI it must. */
export const noSpring = inject("noSpring");

if (noSpring && process.env.CI === "true") {
  throw new Error(noSpring);
}

/** Spring's own STOMP broker, which asks whether the backend admits the ticket of a handshake. */
export class SpringBroker {
  private constructor(
    readonly url: string,
    readonly stop: () => void,
  ) {}

  static async start(backend: Backend): Promise<SpringBroker> {
    let network: Network | undefined;
    const gate = createServer((request, response) => {
      const admitted = backend.admits(new URL(request.url ?? "", "http://x").searchParams.get("ticket"));
      response.writeHead(admitted ? 200 : 401).end();
      if (admitted) {
        setTimeout(() => {
          backend.drop = () => network?.drop();
        }, 1_000); // when the client is connected
      }
    }).listen(0, "127.0.0.1");
    await once(gate, "listening");
    const address = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/`;
    const java = spawn("java", ["-cp", readFileSync(inject("springBroker"), "utf8"), join(folder, "Broker.java"), address], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface(java.stdout)) {
      if (line.startsWith("PORT ")) {
        network = await Network.to(Number(line.slice("PORT ".length)));
        break;
      }
    }
    return new SpringBroker(`${network?.url}/chat`, () => {
      java.kill();
      network?.stop();
      gate.closeAllConnections();
      gate.close();
    });
  }
}
