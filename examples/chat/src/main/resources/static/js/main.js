// SPDX-License-Identifier: Apache-2.0
import { Conversation } from "./conversation.js";
import { avatar, byId, meta, seconds } from "./page.js";
import { Stage } from "./stage.js";
import { TicketCard } from "./ticket.js";
import { ShownTickets, tryAgain } from "./tickets.js";
import { Timeline } from "./timeline.js";

const me = meta("username");
const socket = new RealtimeTicket.TicketWebSocket(meta("realtime-url"), [], {
  tickets: new ShownTickets(issued),
  idleTimeout: 20_000, // the backend is never silent for longer than 14 seconds
});
const conversation = new Conversation(me, (message) => socket.send(JSON.stringify(message)));
const stage = new Stage();
const card = new TicketCard();
const timeline = new Timeline();
const reuse = byId("reuse");
const drop = byId("drop");

/** The ticket that was used last, which "use this ticket again" shows to the backend once more. */
let last = null;

/** Whether the backend has said welcome on the connection that there is. */
let welcome = false;

/** Whether the user has asked for the end of the connection. */
let byHand = false;

/** Why a backend closes a connection before its time, by the close code. */
const ENDS = {
  3000: "the login that the ticket was issued in is over",
  3003: `${me} is locked`,
};

/** What is said when there is no other attempt. */
const LOGGED_OUT = {
  scene: "ended",
  state: "Logged out",
  title: "You are logged out",
  text: "The web application issues no ticket without a login, so this page cannot connect any more.",
};
const LOCKED = {
  scene: "locked",
  state: "Locked",
  title: "You are locked",
  text: "An administrator has locked you. The backend has closed the connection with 3003 (forbidden), after which no page comes back.",
};

/** Why there is no connection. */
let trouble = "Not connected";

function status(state, text) {
  byId("status").dataset.state = state;
  byId("status").textContent = text;
}

function issued(ticket) {
  last = ticket;
  status("connecting", "Connecting…");
  timeline.note(ticket, "issued", "Issued", `${ticket.how}, for ${me}, good for ${seconds(ticket.expire, 0)}`);
  timeline.note(ticket, "carried", "Carried", "to the backend, in the request that opens the WebSocket");
  stage.play("issued", () => card.show(ticket, "fresh"));
  stage.play("handed");
  stage.play("carried");
}

socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === "welcome") {
    welcomed(message);
  } else if (message.type === "message") {
    conversation.say(message);
  } else if (message.type === "presence") {
    conversation.present(message.users);
  } else if (message.type === "ticket") {
    backendSaid(message);
  }
};

function welcomed({ username }) {
  welcome = true;
  status("open", `Connected as ${username}`);
  conversation.open = true;
  reuse.disabled = drop.disabled = false;
  const ticket = last;
  stage.play("redeemed", () => card.show(ticket, "redeemed"));
}

function backendSaid({ event, fingerprint, ageMillis, reason }) {
  last.fingerprint ??= fingerprint; // the browser cannot hash outside a secure context
  if (last.fingerprint !== fingerprint) {
    return;
  }
  if (event === "redeemed") {
    // The page counts from when the ticket came, the backend knows when it was issued: from here on that counts.
    last.issuedAt = ageMillis == null ? last.issuedAt : performance.now() - ageMillis;
    timeline.note(last, "redeemed", "Redeemed", `by the backend: it is ${me}`);
  } else {
    timeline.note(last, "refused", "Refused", `by the backend: it has ${reason.toLowerCase()} for this ticket any more`);
  }
}

// A browser does not tell a page why a WebSocket did not open: refused, unreachable and stale look alike (code 1006).
socket.onclose = ({ code, reason }) => {
  const ticket = last;
  if (code in ENDS) {
    trouble = "Closed by the backend";
    timeline.note(ticket, "closed", "Closed", `by the backend with ${code} (${reason}): ${ENDS[code]}`);
    stage.play("closed");
  } else if (welcome) {
    trouble = "Connection lost";
    timeline.note(ticket, "dropped", "Connection lost", `${byHand ? "you dropped it" : "the backend or the network went away"} (${code})`);
    stage.play("dropped");
  } else if (socket.readyState !== socket.CLOSED) {
    trouble = "Not connected";
    timeline.note(ticket, "refused", "No connection", "refused or unreachable: a browser does not say which");
    stage.play("failed", () => card.show(ticket, "refused"));
  }
  welcome = byHand = false;
  conversation.open = false;
  reuse.disabled = drop.disabled = true;
  if (code === 3003) {
    ended(LOCKED);
  }
};

socket.onerror = ({ error }) => {
  if (error?.final) {
    ended(LOGGED_OUT);
  } else if (error) {
    trouble = "No ticket issued";
    stage.play("failed");
  }
};

socket.onwaiting = ({ delay }) => status("waiting", `${trouble}. Next attempt in ${seconds(delay)}`);

function ended({ scene, state, title, text }) {
  status("ended", state);
  stage.play(scene);
  byId("ended-title").textContent = title;
  byId("ended-text").textContent = text;
  document.querySelector("header").inert = byId("conversation").inert = true;
  byId("ended").hidden = false;
  byId("ended").querySelector("a").focus();
}

reuse.addEventListener("click", async () => {
  const ticket = last;
  reuse.disabled = true;
  timeline.note(ticket, "carried", "Carried again", "the same ticket, for a second connection");
  stage.play("again");
  const opened = await tryAgain(ticket);
  if (opened) {
    timeline.note(ticket, "alarm", "Opened twice", "this must never happen");
  } else {
    stage.play("refused", () => card.show(ticket, "refused"));
  }
  reuse.disabled = drop.disabled;
});

drop.addEventListener("click", () => {
  byHand = true;
  socket.send(JSON.stringify({ type: "drop" })); // so that the backend closes it, as when that is restarted
});

document.querySelector(".who .avatar").replaceWith(avatar(me));
socket.open();
