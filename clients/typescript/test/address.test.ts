// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadedFrom } from "../src/endpoint.js";
import { TicketEventSource, TicketSource, TicketWebSocket } from "../src/index.js";
import { Endpoint, refusal, ticket } from "./endpoint.js";
import { browser, endlessTickets, pass, Socket } from "./sockets.js";

beforeEach(browser);

/** A page with a CSRF token, at this address and with this base. */
function page(baseURI: string, href = "https://app.example/page"): void {
  vi.stubGlobal("location", { href, origin: "null" });
  Object.assign(document, { baseURI, cookie: "csrftoken=secret", querySelector: () => null });
}

/** A worker, whose script is from there. */
function worker(href: string): void {
  vi.stubGlobal("document", undefined);
  delete (globalThis as Partial<typeof globalThis>).document;
  vi.stubGlobal("location", { href, origin: "null" });
}

/** Outside a browser. */
function nowhere(): void {
  worker("");
  vi.stubGlobal("location", undefined);
  vi.stubGlobal("origin", undefined);
}

describe("A relative address", () => {
  test.each([
    ["https://app.example/page", "wss://app.example/chat", "wss://app.example/chat"],
    ["https://app.example/app/", "wss://app.example/app/chat", "wss://app.example/chat"],
    ["http://localhost:8080/app/x", "ws://localhost:8080/app/chat", "ws://localhost:8080/chat"],
  ])("of a socket means under %s what it means to the browser's own class", (base, relative, rooted) => {
    page(base);

    expect([new TicketWebSocket("chat").url, new TicketWebSocket("/chat").url]).toEqual([relative, rooted]);
  });

  test("of a stream keeps its protocol, and https means wss for a socket", () => {
    page("https://app.example/app/");

    expect(new TicketEventSource("prices#now").url).toBe("https://app.example/app/prices");
    expect(new TicketWebSocket("https://x.example/chat#now").url).toBe("wss://x.example/chat");
  });

  test("waits for the browser where a server renders the page", () => {
    nowhere();
    new TicketSource({ url: "/app/ticket/" });

    expect([new TicketWebSocket("/chat").url, new TicketEventSource("prices").url]).toEqual(["", ""]);
  });
});

describe("The CSRF token", () => {
  test("does not go to another origin under a <base> element: what is checked is what is fetched", async () => {
    page("https://other.example/");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource().next();

    expect(endpoint.requests[0]?.url).toBe("https://other.example/ticket/");
    expect(Object.fromEntries(endpoint.requests[0]?.headers ?? [])).toEqual({});
  });

  test("goes to the page's origin from a frame that was made of its own text", async () => {
    page("https://app.example/page", "about:srcdoc");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource().next();

    expect(endpoint.requests[0]?.url).toBe("https://app.example/ticket/");
    expect(endpoint.requests[0]?.headers.get("X-CSRFToken")).toBe("secret");
  });

  test("goes to the page's origin whatever a script of the page calls by that name", async () => {
    page("https://app.example/page");
    vi.stubGlobal("location", { origin: "https://app.example" });
    vi.stubGlobal("origin", "Berlin");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource().next();

    expect(endpoint.requests[0]?.headers.get("X-CSRFToken")).toBe("secret");
  });

  test("does not go to an origin that a script of the page calls by that name", async () => {
    page("https://app.example/page");
    vi.stubGlobal("location", { origin: "https://app.example" });
    vi.stubGlobal("origin", "https://api.example");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource({ url: "https://api.example/ticket/" }).next();

    expect(Object.fromEntries(endpoint.requests[0]?.headers ?? [])).toEqual({});
  });

  test("is not looked for in a sandboxed frame, which has another origin than its address", async () => {
    page("https://app.example/page");
    vi.stubGlobal("location", { origin: "https://app.example" });
    vi.stubGlobal("origin", "null");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource().next();

    expect(Object.fromEntries(endpoint.requests[0]?.headers ?? [])).toEqual({});
  });

  test("must be given in a worker, and the error says so", async () => {
    worker("https://app.example/worker.js");
    new Endpoint(refusal(403));

    await expect(new TicketSource().next()).rejects.toThrow("no ticket: forbidden (403). Give csrf");
  });
});

describe("The issuing endpoint", () => {
  test("is at the origin of a worker that was made of a blob", async () => {
    worker("blob:https://app.example/0b3f");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource().next();

    expect(endpoint.requests[0]?.url).toBe("https://app.example/ticket/");
  });

  test("of a page whose address has credentials is asked without them", async () => {
    page("https://user:p%40w@app.example/shop/@page", "https://user:p%40w@app.example/shop/@page");
    const endpoint: Endpoint = new Endpoint();

    expect(await new TicketSource({ url: "ticket/" }).next()).toBe(ticket(0));
    expect(endpoint.requests[0]?.url).toBe("https://app.example/shop/ticket/");
    expect(new TicketWebSocket("@chat").url).toBe("wss://app.example/shop/@chat");
  });

  test.each(["https://user:pw@app.example/ticket/", "//user@app.example/ticket/"])("is not asked at %s", async (url) => {
    page("https://app.example/page");
    const endpoint: Endpoint = new Endpoint();
    const next = async (): Promise<string> => new TicketSource({ url }).next();

    await expect(next()).rejects.toMatchObject({ reason: "misconfigured", final: true });
    expect(endpoint.requests).toEqual([]);
  });

  test("can't be asked where there is no fetch, and the error says what to give", async () => {
    vi.stubGlobal("fetch", undefined);

    await expect(new TicketSource().next()).rejects.toMatchObject({
      reason: "misconfigured",
      final: true,
      message: expect.stringContaining("Give fetch"),
    });
  });

  test("in full is found outside a browser", async () => {
    nowhere();
    const endpoint: Endpoint = new Endpoint();

    expect(await new TicketSource({ url: "https://app.example/t" }).next()).toBe(ticket(0));
    expect(endpoint.requests[0]?.url).toBe("https://app.example/t");
  });

  test("must be given in full outside a browser, and the error says so", async () => {
    nowhere();
    const endpoint: Endpoint = new Endpoint();

    await expect(new TicketSource().next()).rejects.toMatchObject({
      reason: "misconfigured",
      final: true,
      message: expect.stringMatching(/url must be a full http: address/),
    });
    expect(endpoint.requests).toEqual([]);
  });

  describe("of the application that serves the script", () => {
    afterEach(() => loadedFrom("https://app.example/realtime-ticket/realtime-ticket.js"));

    test.each([
      ["https://app.example/realtime-ticket/realtime-ticket.js", "/ticket/"],
      ["https://app.example/shop/realtime-ticket/realtime-ticket.js", "/shop/ticket/"],
      ["https://app.example/a/b/realtime-ticket/0123456789abcdef/realtime-ticket.global.js?x#y", "/a/b/ticket/"],
    ])("is below the same context path: %s", async (script, expected) => {
      page("https://other.example/");
      const endpoint: Endpoint = new Endpoint();

      loadedFrom(script);
      await new TicketSource().next();

      expect(endpoint.requests[0]?.url).toBe(`https://app.example${expected}`);
    });

    test.each([
      [undefined],
      ["https://cdn.example/shop/realtime-ticket/realtime-ticket.js"],
      ["https://app.example/shop/node_modules/realtime-ticket/dist/realtime-ticket.js"],
      ["https://app.example/shop/assets/main.js"],
      ["blob:https://app.example/shop/realtime-ticket/realtime-ticket.js"],
    ])("is not guessed from %s", async (script) => {
      page("https://app.example/page");
      const endpoint: Endpoint = new Endpoint();

      loadedFrom(script);
      await new TicketSource().next();

      expect(endpoint.requests[0]?.url).toBe("https://app.example/ticket/");
    });
  });
});

test("a parameter that is in the address already is not sent twice", async () => {
  const url = "wss://realtime.example/chat?ticket=old&x=%2B&%74icket=older";
  new TicketWebSocket(url, [], { tickets: endlessTickets() }).open();
  await pass();

  expect(Socket.last.url).toBe(`wss://realtime.example/chat?x=%2B&ticket=${ticket(0)}`);
});
