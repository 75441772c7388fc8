// SPDX-License-Identifier: Apache-2.0
import { fullJitter, type TicketSource } from "realtime-ticket";
import { io, type Socket } from "socket.io-client";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Socket {
  const wait = fullJitter();
  let refusals = 0;
  let attempt = new AbortController();
  const socket = io(url, {
    auth: async (send) => {
      attempt.abort();
      attempt = new AbortController();
      const { signal } = attempt;
      try {
        await new Promise((resolve) => setTimeout(resolve, refusals && wait(refusals)));
        send({ ticket: await tickets.next({ signal }) });
      } catch (error) {
        if (!signal.aborted) {
          socket.disconnect();
          loggedOut(error);
        }
      }
    },
  });
  socket.on("connect", () => {
    refusals = 0;
  });
  socket.on("connect_error", () => {
    if (!socket.active) {
      refusals++;
      socket.connect();
    }
  });
  return socket;
}
