// SPDX-License-Identifier: Apache-2.0

import type { TicketSource } from "realtime-ticket";
import { io, type Socket } from "socket.io-client";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Socket {
  const stop = (error: unknown): void => {
    socket.disconnect();
    loggedOut(error);
  };
  const socket = io(url, { auth: (send) => tickets.next().then((ticket) => send({ ticket }), stop) });
  return socket;
}
