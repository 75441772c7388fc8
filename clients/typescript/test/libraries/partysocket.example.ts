// SPDX-License-Identifier: Apache-2.0
import { WebSocket } from "partysocket";
import { type TicketSource, ticketUrl } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): WebSocket {
  const next = ticketUrl(tickets, url);
  const stop = (error: unknown): string => {
    socket.close();
    loggedOut(error);
    return "";
  };
  const socket = new WebSocket(() => next().catch(stop), [], { minReconnectionDelay: 500 + 1_500 * Math.random() });
  return socket;
}
