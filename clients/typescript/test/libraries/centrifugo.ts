// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Network } from "../network.js";
import type { Backend } from "./backend.js";

const PROGRAM = process.env.CENTRIFUGO ?? "centrifugo";

/** Why there is no Centrifugo here; empty if there is one. */
export const noCentrifugo = ((): string => {
  try {
    execFileSync(PROGRAM, ["version"], { stdio: "ignore" });
    return "";
  } catch {
    return `No Centrifugo: looked for $CENTRIFUGO and ${PROGRAM} (go install github.com/centrifugal/centrifugo/v6@v6.9.1)`;
  }
})();

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, "127.0.0.1");
    const reached = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (reached) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Centrifugo does not listen");
}

async function json(request: IncomingMessage): Promise<{ data?: { ticket?: unknown } }> {
  let text = "";
  for await (const part of request) {
    text += part;
  }
  return JSON.parse(text);
}

/** A real Centrifugo, whose connect proxy asks whether the backend admits the ticket. */
export class Centrifugo {
  private constructor(
    readonly url: string,
    readonly stop: () => void,
  ) {}

  static async start(backend: Backend): Promise<Centrifugo> {
    const port = await freePort();
    const network = await Network.to(port);
    const proxy = createServer(async (request, response) => {
      const { data } = await json(request);
      const admitted = backend.admits(data?.ticket);
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(admitted ? { result: { user: "alice" } } : { error: { code: 101, message: "unauthorized" } }));
      if (admitted) {
        setTimeout(() => {
          backend.drop = () => network.drop();
        }, 300); // when the client knows, too
      }
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const folder = mkdtempSync(join(tmpdir(), "centrifugo-"));
    const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/connect`;
    const config = {
      http_server: { address: "127.0.0.1", port },
      client: { allowed_origins: ["*"], proxy: { connect: { enabled: true, endpoint } } },
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const server: ChildProcess = spawn(PROGRAM, ["-c", join(folder, "config.json")], { stdio: "ignore" });
    await listening(port);
    return new Centrifugo(`${network.url}/connection/websocket`, () => {
      server.kill();
      network.stop();
      proxy.close();
      rmSync(folder, { recursive: true, force: true });
    });
  }
}
