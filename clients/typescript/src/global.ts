// SPDX-License-Identifier: Apache-2.0
// The classic script: everything as members of the global object RealtimeTicket.
import { loadedFrom } from "./endpoint.js";
import { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl } from "./index.js";

loadedFrom((globalThis.document?.currentScript as HTMLScriptElement | null)?.src);

Object.assign(globalThis, {
  RealtimeTicket: { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl },
});

declare global {
  var RealtimeTicket: Pick<
    typeof import("./index.js"),
    "csrfHeaders" | "fullJitter" | "TicketError" | "TicketEventSource" | "TicketSource" | "TicketWebSocket" | "ticketUrl"
  >;
}
