// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TicketSource } from "../../src/index.js";
import { ticket } from "../endpoint.js";

/** A real issuing endpoint, of a user who can be logged out, and which can be down for one request. */
export class Issuer {
  readonly #server: Server;
  issued = 0;
  asked = 0;
  loggedOut = false;
  down = 0;
  /** What it answers in place of a ticket, as when the login page is led to. */
  page: string | undefined;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    issuer.#server.listen(0, "127.0.0.1");
    await once(issuer.#server, "listening");
    return issuer;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get tickets(): TicketSource {
    return new TicketSource({ url: `${this.origin}/ticket/`, csrf: { "X-CSRFToken": "secret" }, backoff: () => 20 });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    if (method === "GET") {
      response.writeHead(200, { "Content-Type": "text/html" }).end("<!DOCTYPE html>");
      return;
    }
    this.asked++;
    const right = method === "POST" && url === "/ticket/" && [headers["x-csrftoken"], headers["x-csrf-token"]].includes("secret");
    const status = !right ? 403 : this.loggedOut ? 401 : this.down-- > 0 ? 503 : 200;
    const body = status === 200 ? { status: "ok", message: ticket(this.issued++), expires_in: 10 } : { status: "error" };
    const type = this.page ? "text/html" : "application/json";
    response.writeHead(status, { "Content-Type": type }).end(this.page ?? JSON.stringify(body));
  }
}
