// SPDX-License-Identifier: Apache-2.0
// The classic script: everything as members of the global object RealtimeTicket.
import { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl } from "./index.js";

Object.assign(globalThis, {
  RealtimeTicket: { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl },
});
