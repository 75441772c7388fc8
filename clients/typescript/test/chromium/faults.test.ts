// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeInChromium } from "./chromium.js";
import { Site } from "./site.js";

describeInChromium("In Chromium", (browser) => {
  let site: Site;
  let other: Site;

  beforeEach(async () => {
    [site, other] = [await Site.start(), await Site.start()];
  });

  afterEach(() => Promise.all([site.stop(), other.stop()]));

  test.each(["Infinity", "-1", "'10s'"])("a source with timeout: %s does not freeze the page", async (timeout) => {
    const page = await site.open(browser());

    const outcome = page.evaluate(`
      Promise.race([
        new Promise((resolve) => resolve(new RealtimeTicket.TicketSource({ timeout: ${timeout} }).next())).then(() => "a ticket", (e) => e.name),
        new Promise((resolve) => setTimeout(resolve, 3000, "nothing")),
      ])`);

    expect(await outcome).toBe(timeout === "Infinity" ? "a ticket" : "RangeError");
  });

  test("a browser without AbortSignal.any and AbortSignal.timeout gets a ticket", async () => {
    const page = await site.open(browser(), "/", "delete AbortSignal.any; delete AbortSignal.timeout;");

    expect(await page.evaluate("new RealtimeTicket.TicketSource().next()")).toMatch(/^ticket/);
  });

  test.each([
    ["socket", "TicketWebSocket", "error3,close3"],
    ["stream", "TicketEventSource", "error2"],
  ])("a %s that the page's policy forbids ends with one ticket, and the error says why", async (_, kind, told) => {
    site.page("/csp", "", { "Content-Security-Policy": "connect-src 'self'" });
    const page = await site.open(browser(), "/csp");
    const address = kind === "TicketWebSocket" ? other.realtime : `${other.origin}/stream`;
    await page.evaluate(`
      window.told = [];
      window.connection = new RealtimeTicket.${kind}("${address}", ${kind === "TicketWebSocket" ? "[], " : ""}{ backoff: () => 10 });
      for (const type of ["error", "close", "waiting"]) connection.addEventListener(type, () => told.push(type + connection.readyState));
      connection.onerror = ({ error }) => window.error = error;
      connection.open();`);

    await page.waitForFunction(`told.join() === "${told}"`, undefined, { timeout: 5_000 });
    await page.waitForTimeout(500);
    expect(await page.evaluate("[error.final, error.message]")).toEqual([
      true,
      expect.stringContaining("Content-Security-Policy"),
    ]);
    expect([site.posts.length, await page.evaluate("told.join()")]).toEqual([1, told]);
    await page.evaluate("told.length = 0; connection.open()");
    await page.waitForFunction(`told.join() === "${told}"`, undefined, { timeout: 5_000 });

    expect(site.posts.length).toBe(2);
  });

  test("an endpoint that the page's policy forbids is asked once, and the error says why", async () => {
    site.page("/csp", "", { "Content-Security-Policy": "connect-src 'none'" });
    const page = await site.open(browser(), "/csp");

    await page.evaluate(`
      window.blocked = 0;
      addEventListener("securitypolicyviolation", () => blocked++);`);

    const told = await page.evaluate(`
      new RealtimeTicket.TicketSource({ backoff: () => 10 }).next({ signal: AbortSignal.timeout(5_000) })
        .catch(({ reason, final, message }) => [reason, final, message])`);

    expect(told).toEqual(["misconfigured", true, expect.stringContaining("Content-Security-Policy")]);
    await page.waitForTimeout(200);
    expect(await page.evaluate("blocked")).toBe(1);
  });

  test("what the policy forbids to another address does not end an attempt", async () => {
    site.page("/csp", "", { "Content-Security-Policy": `connect-src 'self' ${other.realtime}-2` });
    const page = await site.open(browser(), "/csp");
    await page.evaluate(`
      window.told = [];
      window.socket = new RealtimeTicket.TicketWebSocket("${other.realtime}-2", [], { backoff: () => 10 });
      for (const type of ["open", "error"]) socket.addEventListener(type, () => told.push(type));
      window.blocked = [];
      addEventListener("securitypolicyviolation", ({ blockedURI }) => blocked.push(blockedURI));
      const { WebSocket } = window;
      window.WebSocket = class extends WebSocket {
        constructor(...parameters) {
          super(...parameters);
          try { new WebSocket("${other.realtime}"); } catch {}
        }
      };
      socket.open();`);

    await page.waitForFunction("socket.readyState === 1 && blocked.length > 0", undefined, { timeout: 5_000 });
    expect(await page.evaluate("told.join()")).toBe("open");
  });

  test("a policy that only reports forbids nothing", async () => {
    site.page("/csp", "", { "Content-Security-Policy-Report-Only": "connect-src 'self'" });
    const page = await site.open(browser(), "/csp");
    await page.evaluate(`
      window.socket = new RealtimeTicket.TicketWebSocket("${other.realtime}");
      socket.open();`);

    await page.waitForFunction("socket.readyState === 1", undefined, { timeout: 5_000 });
  });

  test("what the policy forbids to others does not end an open connection", async () => {
    site.page("/csp", "", { "Content-Security-Policy": `connect-src 'self' ${other.origin}/stream` });
    other.at["/stream"] = (response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*" });
      response.write("data: x\n\n");
    };
    const page = await site.open(browser(), "/csp");
    await page.evaluate(`
      window.stream = new RealtimeTicket.TicketEventSource("${other.origin}/stream");
      stream.open();`);
    await page.waitForFunction("stream.readyState === 1");

    await page.evaluate(`
      window.blocked = new Promise((resolve) => addEventListener("securitypolicyviolation", ({ blockedURI }) => setTimeout(resolve, 100, blockedURI)));
      fetch("${other.origin}/").catch(() => {});`);

    expect(await page.evaluate("blocked")).toBe(`${other.origin}/`);
    expect([await page.evaluate("stream.readyState"), site.posts.length]).toEqual([1, 1]);
  });

  test("an event of a stream that is named error costs no ticket", async () => {
    site.stream = (response) => {
      for (const type of ["error", "open", "waiting", "price"]) {
        response.write(`event: ${type}\ndata: ${type}\n\n`);
      }
    };
    const page = await site.open(browser());
    await page.evaluate(`
      window.got = [];
      window.stream = new RealtimeTicket.TicketEventSource("/stream");
      for (const type of ["error", "open", "waiting", "price"]) stream.addEventListener(type, ({ data }) => data && got.push(data));
      stream.open();`);
    await page.waitForFunction("got.length === 4");
    await page.waitForTimeout(2_000);

    expect(await page.evaluate("[got.join(), stream.readyState]")).toEqual(["error,open,waiting,price", 1]);
    expect([site.posts.length, site.connections.length]).toEqual([1, 1]);
  });

  test("the CSRF token goes to no other origin under a <base> element", async () => {
    site.page("/base", `<base href="${other.origin}/">`, {}, `${site.origin}/realtime-ticket/none/realtime-ticket.global.js`);
    const page = await site.open(browser(), "/base");

    await page.evaluate("void new RealtimeTicket.TicketSource().next()");
    await vi.waitFor(() => expect(other.posts.length).toBe(1), 5_000);

    expect(Object.keys(other.posts[0]?.headers ?? {}).filter((name) => /csrf|xsrf/.test(name))).toEqual([]);
    expect(site.posts).toEqual([]);
  });

  test("a relative address means under <base href='/app/'> what it means to the browser's own classes", async () => {
    site.page("/page", '<base href="/app/">');
    const page = await site.open(browser(), "/page");

    const urls = await page.evaluate(`
      ["chat", "/chat", "?x", "../chat", "${other.origin}/chat"].map((url) => {
        const native = [new WebSocket(url), new EventSource(url)];
        for (const one of native) one.close();
        return [native[0].url, new RealtimeTicket.TicketWebSocket(url).url, native[1].url, new RealtimeTicket.TicketEventSource(url).url];
      })`);

    for (const [socket, ours, stream, ourStream] of urls as string[][]) {
      expect([ours, ourStream]).toEqual([socket, stream]);
    }
  });

  test("a frame that is made of its own text, and a worker that is made of a blob, get tickets", async () => {
    const page = await site.open(browser());
    await page.evaluate(`
      window.got = [];
      window.onmessage = ({ data }) => got.push(data);
      const script = "${site.origin}/realtime-ticket/realtime-ticket.global.js";
      const ask = "new RealtimeTicket.TicketSource().next().then((t) => TO.postMessage(t, WHERE), (e) => TO.postMessage(String(e), WHERE))";
      const frame = document.createElement("iframe");
      frame.srcdoc = '<script src="' + script + '"></' + 'script><script>' + ask.replaceAll("TO", "parent").replaceAll("WHERE", "'*'") + '</' + 'script>';
      document.body.append(frame);
      const code = "importScripts('" + script + "');" + ask.replaceAll("TO", "self").replaceAll(", WHERE", "");
      window.worker = new Worker(URL.createObjectURL(new Blob([code])));
      worker.onmessage = ({ data }) => got.push(data);`);
    await page.waitForFunction("got.length === 2");

    expect(await page.evaluate("got.every((text) => /^ticket0/.test(text)) || got.join()")).toBe(true);
    expect(site.posts.map(({ headers }) => headers["x-csrftoken"]).sort()).toEqual(["secret", undefined]);
  });

  test("a script that is served below a context path asks there", async () => {
    site.page("/app/page", "", {}, "/app/realtime-ticket/0123456789abcdef/realtime-ticket.global.js");
    const page = await site.open(browser(), "/app/page");

    await page.evaluate("new RealtimeTicket.TicketSource().next()");
    await page.evaluate(
      `import("/app/realtime-ticket/realtime-ticket.js").then(({ TicketSource }) => new TicketSource().next())`,
    );

    expect(site.posts.map(({ path }) => path)).toEqual(["/app/ticket/", "/app/ticket/"]);
  });

  test("an element that is named as the script is not taken for it", async () => {
    site.page("/named", `<img name="currentScript" src="/uploads/realtime-ticket/realtime-ticket.global.js">`);
    const page = await site.open(browser(), "/named");

    await page.evaluate("new RealtimeTicket.TicketSource().next()");

    expect(site.posts.map(({ path }) => path)).toEqual(["/ticket/"]);
  });

  test.each([
    ["a login page", (): string => "/login", "logged-out"],
    ["a login page of another origin", (): string => `${other.origin}/login`, "logged-out"],
    ["the address with a slash", (): string => "/ticket/", undefined],
  ])("a redirect to %s is what it is", async (_, where, reason) => {
    site.page("/login");
    other.page("/login");
    site.at["/ticket"] = (response) => response.writeHead(reason ? 302 : 308, { Location: where() }).end();
    const page = await site.open(browser());

    const outcome = await page.evaluate(
      `new RealtimeTicket.TicketSource({ url: "/ticket" }).next().then(() => undefined, ({ reason }) => reason)`,
    );

    expect(outcome).toBe(reason);
    expect(site.posts.length).toBe(reason ? 0 : 1);
  });

  test("an endpoint that is not there is asked once", async () => {
    const page = await site.open(browser());

    const outcome = page.evaluate(`new RealtimeTicket.TicketSource({ url: "/none" }).next().catch((error) => error.message)`);

    expect(await outcome).toBe("no ticket: misconfigured (404)");
  });

  test("a page that comes back from the history has one live connection again, with a new ticket", async () => {
    site.page("/other");
    const page = await site.open(browser());
    await page.evaluate(`
      window.opened = 0;
      window.socket = new RealtimeTicket.TicketWebSocket("${site.realtime}", [], { backoff: () => 50 });
      socket.onopen = () => opened++;
      addEventListener("pageshow", ({ persisted }) => window.wasKept = persisted);
      socket.open();`);
    await page.waitForFunction("opened === 1");

    await page.goto(`${site.origin}/other`);
    await page.evaluate("void setTimeout(() => history.back())");
    await page.waitForFunction("window.opened === 2");

    expect(await page.evaluate("[wasKept, socket.readyState]")).toEqual([true, 1]);
    await vi.waitFor(() => expect(site.sockets.clients.size).toBe(1), 5_000);
    expect([site.posts.length, site.connections.length]).toEqual([2, 2]);
  });

  test("onmessage runs in the zone of zone.js in which it was set", async () => {
    const page = await site.open(browser());
    await page.addScriptTag({ path: new URL("../../node_modules/zone.js/bundles/zone.umd.js", import.meta.url).pathname });
    // Loaded again, since zone.js has to be there first.
    await page.addScriptTag({ url: "/realtime-ticket/realtime-ticket.global.js" });
    site.sockets.on("connection", (peer) => peer.send("x"));
    await page.evaluate(`
      window.zones = [];
      window.socket = new RealtimeTicket.TicketWebSocket("${site.realtime}");
      Zone.current.fork({ name: "angular" }).run(() => { socket.onmessage = () => zones.push(Zone.current.name); });
      socket.open();`);

    await page.waitForFunction("zones.length > 0");

    expect(await page.evaluate("zones")).toEqual(["angular"]);
  });
});
