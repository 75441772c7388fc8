// SPDX-License-Identifier: Apache-2.0
export type { Address } from "./address.js";
export { type Backoff, fullJitter } from "./backoff.js";
export { csrfHeaders } from "./csrf.js";
export { TicketError, type TicketErrorReason } from "./error.js";
export { TicketEventSource, type TicketEventSourceEventMap, type TicketEventSourceOptions } from "./events.js";
export type { Debug } from "./options.js";
export { ticketUrl } from "./providers.js";
export type { ConnectionErrorEvent, ConnectionOptions, WaitingEvent } from "./settings.js";
export { TicketWebSocket, type TicketWebSocketEventMap, type TicketWebSocketOptions } from "./socket.js";
export { type NextOptions, TicketSource, type TicketSourceOptions } from "./source.js";
