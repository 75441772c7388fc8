// SPDX-License-Identifier: Apache-2.0
import { TicketWebSocket, type TicketWebSocketOptions } from "realtime-ticket";
import { type Readable, readable } from "svelte/store";

export function ticketMessages(
  url: string,
  options: TicketWebSocketOptions = {},
): Readable<unknown> & { socket: TicketWebSocket } {
  const socket = new TicketWebSocket(url, [], options);
  const messages = readable<unknown>(undefined, (set) => {
    socket.onmessage = ({ data }) => set(data);
    socket.open();
    return () => socket.close();
  });
  return { ...messages, socket };
}
