// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";
import { WebSocket } from "ws";
import { ticket } from "../endpoint.js";
import { Issuer } from "./issuer.js";

const undropped = (): void => {};

/** A realtime backend's server; a test puts its library's own on it. */
export class Backend {
  readonly server: Server = createServer();
  /** The tickets of the connection requests, in order. */
  readonly seen: unknown[] = [];
  /** How many of the next tickets it refuses. */
  refusals = 0;
  /** Drops the connection that there is. */
  drop: () => void = undropped;

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/chat`;
  }

  /** Whether it lets this ticket in. */
  admits(ticket: unknown): boolean {
    this.seen.push(ticket);
    return this.refusals-- <= 0;
  }

  /** For a WebSocket server, as a gate does: 401 before there is a connection. */
  readonly gate = ({ req }: { req: IncomingMessage }): boolean =>
    this.admits(new URL(req.url ?? "", "ws://x").searchParams.get("ticket"));
}

/** A backend and an issuer for each test, without one rejection that nobody handles, and no ticket on the console. */
export function world(): { issuer: () => Issuer; backend: () => Backend } {
  let issuer: Issuer;
  let backend: Backend;
  const unhandled: unknown[] = [];
  let printed: MockInstance[];
  const note = (reason: unknown): unknown => unhandled.push(reason);

  beforeEach(async () => {
    issuer = await Issuer.start();
    backend = new Backend();
    backend.server.listen(0, "127.0.0.1");
    await once(backend.server, "listening");
    process.on("unhandledRejection", note);
    printed = (["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(console, name));
    // After a refusal a browser tells "error", then "close"; the one of undici tells no "close".
    vi.stubGlobal("WebSocket", WebSocket);
    // Every wait with jitter is a short one.
    vi.spyOn(Math, "random").mockReturnValue(0.1);
  });

  afterEach(() => {
    process.off("unhandledRejection", note);
    issuer.stop();
    backend.drop();
    backend.server.closeAllConnections();
    backend.server.close();
    expect(unhandled.splice(0)).toEqual([]);
    expect(JSON.stringify(printed.flatMap((spy) => spy.mock.calls))).not.toContain("ticket0");
  });

  return { issuer: () => issuer, backend: () => backend };
}

/** What every library has to do: a ticket for each attempt, patience with whatever is down or refuses, and an end with the logout. */
export async function comesBackUntilTheLogout(issuer: Issuer, backend: Backend, told: unknown[]): Promise<void> {
  await vi.waitFor(() => expect(backend.drop).not.toBe(undropped), 10_000);
  expect(backend.seen).toEqual([ticket(0)]);

  issuer.down = 1;
  await dropped(backend);
  expect(backend.seen).toEqual([ticket(0), ticket(1)]);
  expect(issuer.asked).toBe(3);

  backend.refusals = 1;
  await dropped(backend);
  expect(backend.seen).toEqual([ticket(0), ticket(1), ticket(2), ticket(3)]);
  expect(told).toEqual([]);

  issuer.loggedOut = true;
  backend.drop();
  await vi.waitFor(() => expect(told.length).toBe(1), 10_000);
  expect(told[0]).toMatchObject({ name: "TicketError", reason: "logged-out", status: 401 });
  expect(String(told[0])).not.toContain("ticket0");
  const asked = issuer.asked;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect([issuer.asked, backend.seen.length, told.length]).toEqual([asked, 4, 1]);
}

/** Drops the connection and waits for another that is open. */
async function dropped(backend: Backend): Promise<void> {
  const { drop } = backend;
  drop();
  await vi.waitFor(() => expect(backend.drop).not.toBe(drop), 10_000);
}
