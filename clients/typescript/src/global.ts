// SPDX-License-Identifier: Apache-2.0
// The classic script: the classes and ticketUrl as members of the global object RealtimeTicket.
import { TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl } from "./index.js";

Object.assign(globalThis, {
  RealtimeTicket: { TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl },
});

declare global {
  var RealtimeTicket: Pick<
    typeof import("./index.js"),
    "TicketError" | "TicketEventSource" | "TicketSource" | "TicketWebSocket" | "ticketUrl"
  >;
}
