// SPDX-License-Identifier: Apache-2.0
// The classic script: everything as members of the global object RealtimeTicket.
import { fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl } from "./index.js";

Object.assign(globalThis, {
  RealtimeTicket: { fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl },
});

declare global {
  var RealtimeTicket: Pick<
    typeof import("./index.js"),
    "fullJitter" | "TicketError" | "TicketEventSource" | "TicketSource" | "TicketWebSocket" | "ticketUrl"
  >;
}
