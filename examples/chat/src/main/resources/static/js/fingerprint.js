// SPDX-License-Identifier: Apache-2.0

/** What may be shown of a ticket: the first 8 hex digits of its SHA-256, or null where the browser cannot compute it. */
export async function fingerprint(ticket) {
  if (!globalThis.crypto?.subtle) {
    return null; // not a secure context
  }
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket));
  return [...new Uint8Array(hash, 0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
