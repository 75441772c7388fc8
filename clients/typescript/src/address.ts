// SPDX-License-Identifier: Apache-2.0

/** The address to connect to, or what gives it, called before each attempt. */
export type Address = string | URL | (() => string | URL | Promise<string | URL>);

/** The address, in full. */
export function absolute(address: string | URL): URL {
  return new URL(address, globalThis.location?.href);
}

/** The address with one more query parameter, the ticket if not said otherwise; what is there stays as it is written. */
export function withParameter(address: URL, value: string, name = "ticket"): URL {
  const url = new URL(address);
  url.search += `${url.search ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
  return url;
}
