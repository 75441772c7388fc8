// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Window } from "happy-dom";
import jQueryFactory from "jquery";
import { describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { ticket } from "../endpoint.js";
import { world } from "./backend.js";
// @ts-expect-error: a script as it stands in a page
import { connect } from "./jquery.example.js";
// @ts-expect-error: a script as it stands in a page
import { connect as connectSpring } from "./jquery-spring.example.js";

describe("With jQuery, as the original", () => {
  const { issuer, backend } = world();

  function page(head = "", cookie = "csrftoken=secret"): JQueryStatic {
    const window = new Window({ url: `${issuer().origin}/` });
    window.document.cookie = cookie;
    window.document.head.innerHTML = head;
    vi.stubGlobal("document", window.document);
    return (jQueryFactory as unknown as (window: unknown) => JQueryStatic)(window);
  }

  /** Connects; the statuses that the page was told. */
  function connected($: JQueryStatic, by: typeof connect = connect): number[] {
    const server = new WebSocketServer({ server: backend().server, verifyClient: backend().gate });
    server.on("connection", (peer) => {
      backend().drop = () => peer.terminate();
    });
    const failures: number[] = [];
    by(
      $,
      backend().url,
      () => {},
      (status: number) => failures.push(status),
    );
    return failures;
  }

  test("a Django page posts for a ticket and connects with it", async () => {
    const failures = connected(page());

    await vi.waitFor(() => expect([backend().seen, failures]).toEqual([[ticket(0)], []]), 10_000);
  });

  test("a Spring page posts for a ticket and connects with it", async () => {
    const head = '<meta name="_csrf" content="secret"><meta name="_csrf_header" content="X-CSRF-TOKEN">';

    const failures = connected(page(head, ""), connectSpring);

    await vi.waitFor(() => expect([backend().seen, failures]).toEqual([[ticket(0)], []]), 10_000);
  });

  test.each([connect, connectSpring])("a page of a user who is logged out is told so", async (by) => {
    issuer().loggedOut = true;
    const head = '<meta name="_csrf" content="secret"><meta name="_csrf_header" content="X-CSRF-TOKEN">';

    const failures = connected(page(head), by);

    await vi.waitFor(() => expect(failures).toEqual([401]), 10_000);
    expect(backend().seen).toEqual([]);
  });

  test.each([connect, connectSpring])("a page that was led to a login page does not connect", async (by) => {
    issuer().page = "<h1>Log in</h1>";
    const head = '<meta name="_csrf" content="secret"><meta name="_csrf_header" content="X-CSRF-TOKEN">';

    const failures = connected(page(head), by);

    await vi.waitFor(() => expect(failures).toEqual([200]), 10_000);
    expect(backend().seen).toEqual([]);
  });

  test("another origin gets no CSRF token afterwards", async () => {
    const $ = page();
    const asked: IncomingHttpHeaders[] = [];
    const other = createServer(({ headers }, response) => {
      asked.push(headers);
      response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" }).end("{}");
    }).listen(0, "127.0.0.1");
    try {
      await once(other, "listening");
      connected($);
      await vi.waitFor(() => expect(backend().seen).toEqual([ticket(0)]), 10_000);

      await $.get(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);

      expect(asked.length).toBeGreaterThan(0);
      expect(JSON.stringify(asked)).not.toMatch(/secret|csrf/i);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});
