// SPDX-License-Identifier: Apache-2.0
import { Window } from "happy-dom";
import jQueryFactory from "jquery";
import { describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { ticket } from "../endpoint.js";
import { world } from "./backend.js";
// @ts-expect-error: a script as it stands in a page
import { connect } from "./jquery.example.js";

describe("With jQuery, as the original", () => {
  const { issuer, backend } = world();

  function page(): unknown {
    const window = new Window({ url: `${issuer().origin}/` });
    window.document.cookie = "csrftoken=secret";
    vi.stubGlobal("document", window.document);
    return (jQueryFactory as unknown as (window: unknown) => unknown)(window);
  }

  test("a page posts for a ticket and connects with it", async () => {
    new WebSocketServer({ server: backend().server }).on("connection", (peer, request) => {
      backend().saw(request.url);
      backend().drop = () => peer.terminate();
    });
    const failures: number[] = [];

    connect(
      page(),
      backend().url,
      () => {},
      (status: number) => failures.push(status),
    );

    await vi.waitFor(() => expect([backend().seen, failures]).toEqual([[ticket(0)], []]), 10_000);
  });

  test("a page of a user who is logged out is told so", async () => {
    issuer().loggedOut = true;
    const failures: number[] = [];

    connect(
      page(),
      backend().url,
      () => {},
      (status: number) => failures.push(status),
    );

    await vi.waitFor(() => expect(failures).toEqual([401]), 10_000);
  });
});
