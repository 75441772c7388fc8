// SPDX-License-Identifier: Apache-2.0
// The classic script: everything as members of the global object RealtimeTicket.
import { loadedFrom } from "./endpoint.js";
import { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl } from "./index.js";

const members = { csrfHeaders, fullJitter, TicketError, TicketEventSource, TicketSource, TicketWebSocket, ticketUrl };

loadedFrom((globalThis.document?.currentScript as HTMLScriptElement | null)?.src);
Object.assign(globalThis, { RealtimeTicket: members });

declare global {
  var RealtimeTicket: typeof members;
}
