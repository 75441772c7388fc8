// SPDX-License-Identifier: Apache-2.0
import { buildSync } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { ticket } from "../endpoint.js";
import { type Backend, comesBackUntilTheLogout, world } from "../libraries/backend.js";
import { Centrifugo, noCentrifugo } from "../libraries/centrifugo.js";
import {
  serveCentrifuge,
  serveGraphql,
  serveGraphqlInit,
  serveGraphqlSse,
  serveSocketIo,
  serveWebSocket,
} from "../libraries/servers.js";
import { noSpring, SpringBroker } from "../libraries/spring.js";
import { describeInChromium } from "./chromium.js";

/** The example, or what this file exports by this name, bundled as a page has it, and begun by `start`. */
function scriptOf(file: string, name: string): string {
  const contents = `
    import jQuery from "jquery";
    import { ${name} as connect } from "./test/libraries/${file}";
    import { TicketSource } from "./src/index.js";
    Math.random = () => 0.1; // every wait with jitter is a short one
    window.start = (url) => {
      const tickets = new TicketSource({ csrf: { "X-CSRFToken": "secret" }, backoff: () => 20 });
      const loggedOut = ({ name, reason, status }) => told({ name, reason, status });
      const client = connect(tickets, url, loggedOut);
      if ("iterate" in client) { // of graphql-ws and graphql-sse, which connect for a subscription
        const sink = { next() {}, error: loggedOut, complete: () => told("complete") };
        client.subscribe({ query: "subscription { hello }" }, sink);
      }
    };
    window.startOnce = (url) => {
      document.cookie = "csrftoken=secret";
      document.head.innerHTML = '<meta name="_csrf" content="secret"><meta name="_csrf_header" content="X-CSRF-TOKEN">';
      connect(jQuery, url, () => {}, told);
    };`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: new URL("../..", import.meta.url).pathname },
    alias: { "realtime-ticket": "./src/index.ts" },
    define: { "process.env.NODE_ENV": '"production"' },
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** A page of the issuer, with the example. */
async function open(browser: Browser, origin: string, example: string, told: unknown[], name = "connect"): Promise<Page> {
  const page = await browser.newPage();
  await page.exposeFunction("told", (what: unknown) => {
    told.push(what);
  });
  await page.goto(`${origin}/`);
  await page.addScriptTag({ content: scriptOf(example, name) });
  return page;
}

describeInChromium("In Chromium, with a real server,", (browser) => {
  const { issuer, backend } = world();

  test.each<[string, (backend: Backend) => void]>([
    ["partysocket", serveWebSocket],
    ["reconnecting-websocket", serveWebSocket],
    ["stompjs", serveWebSocket],
    ["socket.io-client", serveSocketIo],
    ["centrifuge", serveCentrifuge],
    ["graphql-ws", serveGraphql],
    ["graphql-ws-init", serveGraphqlInit],
    ["graphql-sse", serveGraphqlSse],
    ["rxjs", serveWebSocket],
    ["y-websocket", serveWebSocket],
  ])(
    "%s has a ticket for each attempt",
    async (name, serve) => {
      serve(backend());
      const told: unknown[] = [];
      const page = await open(browser(), issuer().origin, `${name}.example.ts`, told);
      const { url: chat } = backend();
      const url = { "socket.io-client": chat.replace("/chat", ""), "graphql-sse": chat.replace("ws:", "http:") }[name] ?? chat;

      await page.evaluate(`start("${url}")`);

      await comesBackUntilTheLogout(issuer(), backend(), told);
      await page.close();
    },
    60_000,
  );

  test.each(["vue", "svelte", "angular"])(
    "a component in %s has a ticket for each attempt",
    async (name) => {
      serveWebSocket(backend());
      const told: unknown[] = [];
      const page = await open(browser(), issuer().origin, "components.ts", told, name);

      await page.evaluate(`start("${backend().url}")`);

      await comesBackUntilTheLogout(issuer(), backend(), told);
      await page.close();
    },
    60_000,
  );

  test.skipIf(noCentrifugo)(
    "centrifuge has a ticket for each attempt, and the server is a real Centrifugo",
    async () => {
      const centrifugo = await Centrifugo.start(backend());
      const told: unknown[] = [];
      try {
        const page = await open(browser(), issuer().origin, "centrifuge.example.ts", told);

        await page.evaluate(`start("${centrifugo.url}")`);

        await comesBackUntilTheLogout(issuer(), backend(), told);
        await page.close();
      } finally {
        centrifugo.stop();
      }
    },
    60_000,
  );

  test.skipIf(noSpring)(
    "stompjs has a ticket for each attempt, and the server is Spring's broker",
    async () => {
      const broker = await SpringBroker.start(backend());
      const told: unknown[] = [];
      try {
        const page = await open(browser(), issuer().origin, "stompjs.example.ts", told);

        await page.evaluate(`start("${broker.url}")`);

        await comesBackUntilTheLogout(issuer(), backend(), told);
        await page.close();
      } finally {
        broker.stop();
      }
    },
    180_000,
  );

  test.each(["jquery", "jquery-spring"])(
    "%s posts for a ticket, connects with it, and is told of a logout",
    async (name) => {
      serveWebSocket(backend());
      const told: unknown[] = [];
      const page = await open(browser(), issuer().origin, `${name}.example.js`, told);
      const start = `startOnce("${backend().url}")`;

      await page.evaluate(start);
      await vi.waitFor(() => expect(backend().seen).toEqual([ticket(0)]), 10_000);
      issuer().loggedOut = true;
      await page.evaluate(start);

      await vi.waitFor(() => expect(told).toEqual([401]), 10_000);
      await page.close();
    },
    60_000,
  );
});
