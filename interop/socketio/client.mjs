// SPDX-License-Identifier: Apache-2.0
// Connects, ends each connection in one way, and says what happens: node client.mjs URL ENDPOINT WAY [TRANSPORT]
import { connect } from "./connect.mjs";
import { TicketSource } from "./realtime-ticket.mjs";

const [url, endpoint, way, transport] = process.argv.slice(2);

const events = { "thrown out": "leave", "log out": "log out", lock: "lock" };
const tickets = new TicketSource({ url: endpoint });
const page = new AbortController();
const loggedOut = (error) => {
  console.log(`logged out with ${error.status}`);
  process.exit(); // A poll may still be waiting.
};
const options = transport ? { transports: [transport] } : {};
const socket = connect(url, tickets, () => 10, loggedOut, page.signal, options);
socket.on("message", (text) => {
  const { engine } = socket.io;
  const end = () => {
    console.log(`greeted ${text} over ${engine.transport.name}`);
    if (way in events) {
      socket.emit(events[way]);
    } else {
      engine.close();
    }
  };
  if (!transport && engine.transport.name === "polling") {
    engine.on("upgrade", () => setTimeout(end)); // The change ends only behind its event.
  } else {
    end();
  }
});
socket.on("disconnect", (reason, details) => {
  const code = reason === "transport close" && details.context?.code;
  console.log(`disconnected by ${reason}${code ? `, ${code}` : ""}`);
  if (way === "left after it") {
    page.abort();
  }
});
if (way === "left before it") {
  page.abort();
}
