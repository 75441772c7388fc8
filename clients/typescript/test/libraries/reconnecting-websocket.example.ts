// SPDX-License-Identifier: Apache-2.0

import { type TicketSource, ticketUrl } from "realtime-ticket";
import ReconnectingWebSocket from "reconnecting-websocket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): ReconnectingWebSocket {
  const next = ticketUrl(tickets, url);
  const stop = (error: unknown): string => {
    socket.close();
    loggedOut(error);
    return "";
  };
  const socket = new ReconnectingWebSocket(() => next().catch(stop), [], { minReconnectionDelay: 500 + 1_500 * Math.random() });
  return socket;
}
