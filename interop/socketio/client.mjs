// SPDX-License-Identifier: Apache-2.0
// Has itself thrown out as often as it is let in, and says what happened: node client.mjs URL ENDPOINT [TRANSPORT]
import { connect } from "./connect.mjs";
import { TicketSource } from "./realtime-ticket.mjs";

const [url, endpoint, transport] = process.argv.slice(2);

const tickets = new TicketSource({ url: endpoint });
const loggedOut = (error) => {
  console.log(`logged out with ${error.status}`);
  process.exit(); // A poll may still be waiting.
};
const socket = connect(url, tickets, () => 10, loggedOut, transport ? { transports: [transport] } : {});
socket.on("message", (text) => {
  const { engine } = socket.io;
  const leave = () => {
    console.log(`greeted ${text} over ${engine.transport.name}`);
    socket.emit("leave");
  };
  if (!transport && engine.transport.name === "polling") {
    engine.on("upgrade", leave);
  } else {
    leave();
  }
});
socket.on("disconnect", (reason) => console.log(`disconnected by ${reason}`));
