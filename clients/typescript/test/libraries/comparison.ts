// SPDX-License-Identifier: Apache-2.0
// Measures this client beside others, each with its defaults, over real connections; LIBRARIES.md has what it prints. Takes five minutes:
// npx esbuild test/libraries/comparison.ts --bundle --platform=node --format=esm --packages=external --outfile=target/comparison.js
// node target/comparison.js
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Centrifuge, UnauthorizedError } from "centrifuge";
import { build } from "esbuild";
import { WebSocket as PartySocket } from "partysocket";
import ReconnectingWebSocket from "reconnecting-websocket";
import { type WebSocket as Peer, WebSocketServer, WebSocket as WsWebSocket } from "ws";
import { TicketSource, TicketWebSocket } from "../../src/index.js";
import { Network } from "../network.js";
import { Issuer } from "./issuer.js";

/** What the clients have in common. */
interface Connection {
  close(): void;
  reconnect(): void;
  onclose(listener: () => void): void;
  /** What became of 3 MiB that were sent without a connection. */
  fill?(): string;
}

interface Client {
  name: string;
  /** What a page imports. */
  script: string;
  connect(url: string, issuer: Issuer): Connection;
}

const Class = WsWebSocket as unknown as typeof WebSocket;

/** A ticket as an application asks for one that has no client for it. */
async function ask(issuer: Issuer): Promise<string> {
  const response = await fetch(`${issuer.origin}/ticket/`, { method: "POST", headers: { "X-CSRFToken": "secret" } });
  if (!response.ok) {
    throw response.status === 401 ? new UnauthorizedError("logged out") : new Error(`${response.status}`);
  }
  return ((await response.json()) as { message: string }).message;
}

function fill(socket: { send(data: string): void; bufferedAmount: number }): string {
  try {
    for (let i = 0; i < 3 * 1024; i++) {
      socket.send("x".repeat(1024));
    }
    return `${(socket.bufferedAmount / 2 ** 20).toFixed(1)} MiB kept`;
  } catch (error) {
    return `${(error as Error).name} at ${(socket.bufferedAmount / 2 ** 20).toFixed(1)} MiB`;
  }
}

/** partysocket began as a copy of reconnecting-websocket: they are used alike. */
function byAddress(Reconnecting: typeof PartySocket | typeof ReconnectingWebSocket): Client["connect"] {
  return (url, issuer) => {
    const address = async () => `${url}?ticket=${await ask(issuer)}`;
    const socket = new Reconnecting(address, [], { WebSocket: Class });
    socket.addEventListener("error", () => {});
    return {
      close: () => socket.close(),
      reconnect: () => socket.reconnect(),
      onclose: (listener) => socket.addEventListener("close", listener),
      fill: () => fill(socket),
    };
  };
}

const clients: Client[] = [
  {
    name: "realtime-ticket",
    script: `export { TicketWebSocket } from "./src/index.ts"`,
    connect(url, issuer) {
      const tickets = new TicketSource({ url: `${issuer.origin}/ticket/`, csrf: { "X-CSRFToken": "secret" } });
      const socket = new TicketWebSocket(url, [], { tickets, WebSocket: Class, idleTimeout: 2_500 });
      socket.open();
      return {
        close: () => socket.close(),
        reconnect: () => socket.reconnect(),
        onclose: (listener) => socket.addEventListener("close", listener),
        fill: () => fill(socket),
      };
    },
  },
  { name: "partysocket", script: `export { WebSocket } from "partysocket"`, connect: byAddress(PartySocket) },
  {
    name: "reconnecting-websocket",
    script: `export { default } from "reconnecting-websocket"`,
    connect: byAddress(ReconnectingWebSocket),
  },
  {
    name: "centrifuge",
    script: `export { Centrifuge } from "centrifuge"`,
    connect(url, issuer) {
      const client = new Centrifuge(url, { websocket: Class, getData: async () => ({ ticket: await ask(issuer) }) });
      client.connect();
      return {
        close: () => client.disconnect(),
        reconnect: () => {
          client.disconnect();
          client.connect();
        },
        onclose: (listener) => client.on("disconnected", listener),
      };
    },
  },
];

/** A backend that admits everybody, who hears something each second. */
class Backend {
  readonly http = createServer();
  /** Of the connections that were admitted, in order. */
  readonly tickets: unknown[] = [];
  /** Connection requests, answered or not. */
  requests = 0;
  isSilent = false;
  readonly peers = new Set<Peer>();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #ping = setInterval(() => this.#tell(), 1_000);

  constructor() {
    this.http.on("upgrade", (request, socket, head) => {
      this.requests++;
      if (!this.isSilent) {
        this.#sockets.handleUpgrade(request, socket, head, (peer) => this.#greet(peer, request.url ?? ""));
      }
    });
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  drop(): void {
    for (const peer of this.peers) {
      peer.terminate();
    }
  }

  stop(): void {
    clearInterval(this.#ping);
    this.drop();
    this.http.closeAllConnections();
    this.http.close();
  }

  #greet(peer: Peer, url: string): void {
    const ticket = new URL(url, "ws://x").searchParams.get("ticket");
    this.peers.add(peer);
    peer.on("close", () => this.peers.delete(peer));
    peer.on("message", (frame) => {
      const { id, connect } = url.includes("?") ? ({} as Record<string, undefined>) : JSON.parse(`${frame}`.split("\n")[0] ?? "");
      if (connect) {
        this.tickets.push(connect.data.ticket);
        peer.send(JSON.stringify({ id, connect: { client: "c", version: "1", ping: 1, pong: true } }));
      }
    });
    if (ticket) {
      this.tickets.push(ticket);
    }
  }

  #tell(): void {
    for (const peer of this.peers) {
      peer.send("{}"); // a ping of Centrifugo's protocol
    }
  }
}

/** A client at a backend, behind a network that can be cut. */
interface World {
  issuer: Issuer;
  backend: Backend;
  network: Network;
  connection: Connection;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The milliseconds until it is so, or that it is not so for so long. */
async function until(isSo: () => boolean, limit: number): Promise<string> {
  const begin = performance.now();
  while (!isSo()) {
    if (performance.now() - begin > limit) {
      return `not in ${limit / 1_000} s`;
    }
    await pause(2);
  }
  const time = performance.now() - begin;
  return time < 100 ? "at once" : `${(time / 1_000).toFixed(1)} s`;
}

const more = ({ backend }: World): (() => boolean) => {
  const { length } = backend.tickets;
  return () => backend.tickets.length > length;
};

const measures: Record<string, (world: World) => Promise<string>> = {
  async "three reconnects: different tickets"({ backend }) {
    for (let i = 1; i <= 3; i++) {
      backend.drop();
      await until(() => backend.tickets.length > i, 10_000);
    }
    return `${new Set(backend.tickets).size - 1}`;
  },
  async "after one 503 of the issuing endpoint: back in"(world) {
    world.issuer.down = 1;
    const back = more(world);
    world.backend.drop();
    return until(back, 20_000);
  },
  async "user logged out: requests in 10 s"({ issuer, backend }) {
    issuer.loggedOut = true;
    const { asked } = issuer;
    backend.drop();
    await pause(10_000);
    return `${issuer.asked - asked}`;
  },
  async "close code 3003 (forbidden): attempts in 10 s"({ backend }) {
    const { requests } = backend;
    for (const peer of backend.peers) peer.close(3003);
    await pause(10_000);
    return `${backend.requests - requests}`;
  },
  async "network cut without a word: back in"(world) {
    const back = more(world);
    world.network.cut();
    return until(back, 20_000);
  },
  async "then `reconnect()`: back"(world) {
    world.network.cut();
    const back = more(world);
    world.connection.reconnect();
    return until(back, 20_000);
  },
  async "then `close()`: told in"({ network, connection }) {
    let isClosed = false;
    connection.onclose(() => {
      isClosed = true;
    });
    network.cut();
    connection.close();
    return until(() => isClosed, 20_000);
  },
  async "handshake without an answer: next attempt in"(world) {
    const { backend } = world;
    backend.isSilent = true;
    const { requests } = backend;
    backend.drop();
    await until(() => backend.requests > requests, 10_000);
    return until(() => backend.requests > requests + 1, 30_000);
  },
  async "3 MiB sent without a connection"({ issuer, backend, connection }) {
    issuer.down = Number.POSITIVE_INFINITY;
    backend.drop();
    await pause(200);
    return connection.fill?.() ?? "(promises)";
  },
};

/** The client connects first. */
async function measure(client: Client, how: (world: World) => Promise<string>): Promise<string> {
  const issuer = await Issuer.start();
  const backend = new Backend();
  backend.http.listen(0, "127.0.0.1");
  await once(backend.http, "listening");
  const network = await Network.to(backend.port);
  const connection = client.connect(`${network.url}/chat`, issuer);
  await until(() => backend.tickets.length === 1, 10_000);
  await pause(500);
  const result = await how({ issuer, backend, network, connection });
  connection.close();
  backend.stop();
  network.stop();
  issuer.stop();
  return result;
}

async function size({ script }: Client): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

let unhandled = 0;
process.on("unhandledRejection", () => unhandled++);
process.on("uncaughtException", () => {}); // what ws tells of a socket that was closed early, and nobody listens to

const row = (...cells: string[]): void => console.info(`| ${cells.join(" | ")} |`);
row("measured", ...clients.map(({ name }) => name));
row("---", ...clients.map(() => "---"));
row("a page's script, gzipped", ...(await Promise.all(clients.map(size))));
for (const [name, how] of Object.entries(measures)) {
  const results = [];
  for (const client of clients) {
    unhandled = 0;
    const result = await measure(client, how);
    results.push(unhandled ? `${result}, unhandled rejection` : result);
  }
  row(name, ...results);
}
process.exit();
