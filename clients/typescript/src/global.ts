// SPDX-License-Identifier: Apache-2.0
// The classic script: everything as members of the global object RealtimeTicket.
import { loadedFrom } from "./endpoint.js";
import { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl } from "./index.js";

// An element of the page may have that name, too, and take its place.
const script = globalThis.document?.currentScript;
loadedFrom(script?.tagName === "SCRIPT" ? (script as HTMLScriptElement).src : undefined);

Object.assign(globalThis, {
  // Not `import * as`, of which a bundler makes a getter for each.
  RealtimeTicket: { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl },
} satisfies Pick<typeof globalThis, "RealtimeTicket">);

declare global {
  var RealtimeTicket: typeof import("./index.js");
}
