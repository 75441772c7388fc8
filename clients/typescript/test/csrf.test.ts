// SPDX-License-Identifier: Apache-2.0
import { Window } from "happy-dom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { csrfHeaders, TicketSource } from "../src/index.js";
import { Endpoint } from "./endpoint.js";

beforeEach(() => {
  const window = new Window({ url: "https://app.example/page" });
  vi.stubGlobal("document", window.document);
  vi.stubGlobal("location", window.location);
});

function page(html: string, ...cookies: string[]): void {
  document.head.innerHTML = html;
  for (const cookie of cookies) {
    document.cookie = cookie;
  }
}

describe("The CSRF token", () => {
  test.each([
    [
      "Spring's meta elements",
      () => page('<meta name="_csrf" content="abc"><meta name="_csrf_header" content="X-Own">'),
      { "x-own": "abc" },
    ],
    ["Spring's token alone", () => page('<meta name="_csrf" content="abc">'), { "x-csrf-token": "abc" }],
    ["the cookie XSRF-TOKEN", () => page("", "a=b", "XSRF-TOKEN=a%3Db", "c=d"), { "x-xsrf-token": "a=b" }],
    ["Django's cookie", () => page("", "my-csrftoken=no", "csrftoken=xyz"), { "x-csrftoken": "xyz" }],
    ["a cookie that is not encoded", () => page("", "XSRF-TOKEN=100%"), { "x-xsrf-token": "100%" }],
    [
      "a cookie that no header can carry, and Rails,",
      () => page('<meta name="csrf-token" content="r">', "XSRF-TOKEN=%E2%82%AC"),
      { "x-csrf-token": "r" },
    ],
    [
      "a meta element with a name that no header can have",
      () => page('<meta name="_csrf" content="abc"><meta name="_csrf_header" content="a b">'),
      {},
    ],
    ["Rails and Laravel", () => page('<meta name="csrf-token" content="abc">'), { "x-csrf-token": "abc" }],
    ["nothing", () => page("", "csrftoken2=no"), {}],
  ])("is found as %s publishes it", (_, publish, expected) => {
    publish();

    expect(Object.fromEntries(csrfHeaders())).toEqual(expected);
  });

  test("in Spring's meta elements comes before the one in the cookie of the same header", () => {
    page('<meta name="_csrf" content="meta"><meta name="_csrf_header" content="X-XSRF-TOKEN">', "XSRF-TOKEN=cookie");

    expect(Object.fromEntries(csrfHeaders())).toEqual({ "x-xsrf-token": "meta" });
  });

  test("is looked for in a page with a form of the name cookie", () => {
    page('<meta name="_csrf" content="abc">');
    Object.defineProperty(document, "cookie", { value: document.createElement("form") });

    expect(Object.fromEntries(csrfHeaders())).toEqual({ "x-csrf-token": "abc" });
  });

  test("is read anew for each request", async () => {
    const endpoint: Endpoint = new Endpoint();
    const tickets = new TicketSource();

    page("", "csrftoken=1");
    await tickets.next();
    page("", "csrftoken=2");
    await tickets.next();

    expect(endpoint.requests.map(({ headers }) => headers.get("X-CSRFToken"))).toEqual(["1", "2"]);
  });

  test("of the page is not sent to another origin", async () => {
    page('<meta name="_csrf" content="abc">', "csrftoken=xyz", "XSRF-TOKEN=123");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource({ url: "https://other.example/ticket/" }).next();

    expect(Object.fromEntries(endpoint.requests[0]?.headers ?? [])).toEqual({});
  });

  test("that can't be decoded keeps nobody from asking", async () => {
    page("", "XSRF-TOKEN=100%");
    const endpoint: Endpoint = new Endpoint();

    await new TicketSource().next();

    expect(endpoint.requests[0]?.headers.get("X-XSRF-TOKEN")).toBe("100%");
  });

  test("is not looked for where there is no page, as in a worker", () => {
    vi.stubGlobal("document", undefined);

    expect(Object.fromEntries(csrfHeaders())).toEqual({});
  });
});
