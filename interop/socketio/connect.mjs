// SPDX-License-Identifier: Apache-2.0
import { io } from "socket.io-client";

/** A socket that has another ticket for each attempt to connect. Its own reconnecting would come with the old one. */
export function connect(url, tickets, wait, loggedOut, options = {}) {
  const socket = io(url, { ...options, autoConnect: false, reconnection: false });
  let attempts = 0;
  const open = async () => {
    try {
      await new Promise((resolve) => setTimeout(resolve, attempts && wait(attempts)));
      attempts++;
      socket.io.opts.query = { ticket: await tickets.next() };
      socket.connect();
    } catch (error) {
      loggedOut(error);
    }
  };
  socket.on("connect", () => {
    attempts = 0;
  });
  socket.on("connect_error", open);
  socket.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") {
      open();
    }
  });
  open();
  return socket;
}
