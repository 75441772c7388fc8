// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { ticket } from "../endpoint.js";
import { Issuer } from "./issuer.js";

/** A realtime backend's server; a test puts its library's own on it. */
export class Backend {
  readonly server: Server = createServer();
  /** The tickets of the connection requests, in order. */
  readonly seen: unknown[] = [];
  /** Drops the connection that there is. */
  drop: () => void = () => {};

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/chat`;
  }

  saw(url = ""): void {
    this.seen.push(new URL(url, "ws://x").searchParams.get("ticket"));
  }
}

/** A backend and an issuer for each test, without one rejection that nobody handles. */
export function world(): { issuer: () => Issuer; backend: () => Backend } {
  let issuer: Issuer;
  let backend: Backend;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): unknown => unhandled.push(reason);

  beforeEach(async () => {
    issuer = await Issuer.start();
    backend = new Backend();
    backend.server.listen(0, "127.0.0.1");
    await once(backend.server, "listening");
    process.on("unhandledRejection", note);
  });

  afterEach(() => {
    process.off("unhandledRejection", note);
    issuer.stop();
    backend.drop();
    backend.server.closeAllConnections();
    backend.server.close();
    expect(unhandled.splice(0)).toEqual([]);
  });

  return { issuer: () => issuer, backend: () => backend };
}

/** What every library has to do: a ticket for each attempt, patience with an endpoint that is down, and an end with the logout. */
export async function comesBackUntilTheLogout(issuer: Issuer, backend: Backend, told: unknown[]): Promise<void> {
  await vi.waitFor(() => expect(backend.seen).toEqual([ticket(0)]), 10_000);
  issuer.down = 1;
  backend.drop();
  await vi.waitFor(() => expect(backend.seen).toEqual([ticket(0), ticket(1)]), 10_000);
  expect(issuer.asked).toBe(3);
  expect(told).toEqual([]);

  issuer.loggedOut = true;
  backend.drop();
  await vi.waitFor(() => expect(told.length).toBe(1), 10_000);
  expect(String(told[0])).toContain("logged-out (401)");
  expect(String(told[0])).not.toContain("ticket0");
  const asked = issuer.asked;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect([issuer.asked, backend.seen.length, told.length]).toEqual([asked, 2, 1]);
}
