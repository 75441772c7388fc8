// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSync } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { type WebSocket, WebSocketServer } from "ws";
import { ticket } from "../endpoint.js";

/** A script as it is served; what is unfinished there can't be. */
function bundled(source: string, format: "esm" | "iife"): string {
  const entryPoints = [new URL(`../../${source}`, import.meta.url).pathname];
  return buildSync({ entryPoints, bundle: true, format, write: false }).outputFiles[0]?.text ?? "";
}

const SCRIPTS: Record<string, string> = {
  "realtime-ticket.js": bundled("src/served.ts", "esm"),
  "realtime-ticket.global.js": bundled("src/global.ts", "iife"),
};

/** A web application and its realtime backend, in one: pages, scripts, `POST /ticket/`, a WebSocket and an event stream. */
export class Site {
  readonly server = createServer((request, response) => this.#answer(request, response));
  readonly sockets = new WebSocketServer({ server: this.server });
  /** Each request for a ticket: its path and headers. */
  readonly posts: { path: string; headers: IncomingHttpHeaders }[] = [];
  /** The path and query of each connection. */
  readonly connections: string[] = [];
  readonly peers: WebSocket[] = [];
  /** What is at other paths. */
  readonly at: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {};
  /** The event stream, after its head. */
  stream: (response: ServerResponse) => void = () => {};

  private constructor() {
    this.sockets.on("connection", (peer, { url = "" }) => {
      this.connections.push(url);
      this.peers.push(peer);
    });
  }

  static async start(): Promise<Site> {
    const site = new Site();
    site.server.listen(0, "127.0.0.1");
    await once(site.server, "listening");
    return site;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get realtime(): string {
    return `ws://127.0.0.1:${this.port}/chat`;
  }

  /** A page with this head, and the classic script. */
  page(
    path: string,
    head = "",
    headers: Record<string, string> = {},
    script = "/realtime-ticket/realtime-ticket.global.js",
  ): void {
    this.at[path] = (response) => {
      response.writeHead(200, { "Content-Type": "text/html", "Set-Cookie": "csrftoken=secret", ...headers });
      response.end(`<!DOCTYPE html><html><head>${head}<script src="${script}"></script></head><body></body></html>`);
    };
  }

  async open(browser: Browser, path = "/", ...scripts: string[]): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const content of scripts) {
      await page.addInitScript({ content });
    }
    if (path === "/") {
      this.page(path);
    }
    await page.goto(this.origin + path);
    return page;
  }

  async stop(): Promise<void> {
    for (const peer of this.peers) {
      peer.terminate();
    }
    this.server.closeAllConnections();
    this.server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const script = SCRIPTS[path.split("/").at(-1) ?? ""];
    const there = this.at[path];
    if (there) {
      there(response, request);
    } else if (script) {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(script);
    } else if (request.method === "POST" && path.endsWith("/ticket/")) {
      this.posts.push({ path, headers: request.headers });
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ status: "ok", message: ticket(this.posts.length), expires_in: 10 }));
    } else if (path === "/stream") {
      this.connections.push(request.url ?? "");
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      this.stream(response);
    } else {
      response.writeHead(404).end();
    }
  }
}
