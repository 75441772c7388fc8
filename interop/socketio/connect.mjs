// SPDX-License-Identifier: Apache-2.0
import { io } from "socket.io-client";

/**
 * A socket that has another ticket for each attempt to connect. Its own reconnecting would come with the old one. The signal ends it, also
 * while it waits for a ticket. If the server throws it out, it stays closed, and the page may call this again.
 */
export function connect(url, tickets, wait, loggedOut, signal, options = {}) {
  const socket = io(url, { ...options, autoConnect: false, reconnection: false });
  let failures = 0;
  const open = async () => {
    try {
      const ticket = await tickets.next({ signal });
      signal.throwIfAborted();
      socket.io.opts.query = { ticket };
      socket.connect();
    } catch (error) {
      if (!signal.aborted) {
        loggedOut(error);
      }
    }
  };
  const openLater = () => {
    setTimeout(open, wait(failures));
    failures++;
  };
  socket.on("connect", () => {
    failures = 0;
  });
  socket.on("connect_error", openLater);
  socket.on("disconnect", (reason) => {
    if (reason !== "io server disconnect" && reason !== "io client disconnect") {
      openLater();
    }
  });
  signal.addEventListener("abort", () => socket.disconnect());
  open();
  return socket;
}
