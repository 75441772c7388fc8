// SPDX-License-Identifier: Apache-2.0

/** The address to connect to, or what gives it, called before each attempt. */
export type Address = string | URL | (() => string | URL | Promise<string | URL>);

/** The beginning of an address that has some, up to them; and they. */
export const CREDENTIALS = /^(\w+:..)[^/]*@/;

/** What relative addresses are relative to, as for the browser's own classes, but without credentials; nothing outside a browser. */
function base(): string | undefined {
  const { document, location, origin } = globalThis as Partial<typeof globalThis>;
  const href = document?.baseURI ?? location?.href;
  // A worker that was made of a blob knows its origin, but nothing can be relative to a blob's address.
  return href?.startsWith("blob:") ? origin : href?.replace(CREDENTIALS, "$1"); // fetch would take none
}

/** The address in full of something of these protocols, each also with TLS. For a socket, `http` means `ws`. */
export function addressOf(protocol: "ws" | "http" | "ws|http", address: string | URL): URL {
  const url = new URL(address, base());
  url.hash = "";
  if (protocol === "ws") {
    url.protocol = url.protocol.replace("http", "ws");
  }
  if (!RegExp(`^(${protocol})s?:`).test(url.href)) {
    throw new TypeError(`The address must be ${protocol}(s):`);
  }
  return url;
}

/** Whether the address can be made one in full here: not if it is relative and there is no page, as where a server renders one. */
export function isKnown(address: string | URL): boolean {
  return base() !== undefined || /^\w+:/.test(String(address));
}

/** Whether the address is of the page's own origin. */
export function isOwn(address: URL): boolean {
  const { location, origin } = globalThis as Partial<typeof globalThis>;
  // A script of the page may have a variable of the name `origin`; but a frame without an address, or in a sandbox, has its origin there alone.
  const isAlone = !location || location.origin === "null" || origin === "null";
  return address.origin === (isAlone ? origin : location.origin);
}

/** The address with this query parameter; what else is there stays as it is written. */
export function withParameter(address: URL, value: string, name = "ticket"): URL {
  const url = new URL(address);
  const others = url.search.slice(1).split("&");
  const kept = others.filter((part) => part && !new URLSearchParams(part).has(name));
  url.search = [...kept, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join("&");
  return url;
}
