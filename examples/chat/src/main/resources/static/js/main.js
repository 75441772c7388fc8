// SPDX-License-Identifier: Apache-2.0
import { Connection, tryAgain } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Issuing } from "./issuing.js";
import { avatar, byId, meta, seconds } from "./page.js";
import { Stage } from "./stage.js";
import { TicketCard } from "./ticket.js";
import { Timeline } from "./timeline.js";

const me = meta("username");
const connection = new Connection(new Issuing());
const conversation = new Conversation(me, (message) => connection.send(message));
const stage = new Stage();
const card = new TicketCard();
const timeline = new Timeline();
const reuse = byId("reuse");
const drop = byId("drop");

/** The ticket that was used last, which "use this ticket again" shows to the backend once more. */
let last = null;

/** Why there is no connection. */
let trouble = "";

function status(state, text) {
  byId("status").dataset.state = state;
  byId("status").textContent = text;
}

function on(name, listener) {
  connection.addEventListener(name, ({ detail }) => listener(detail));
}

on("issued", ({ ticket }) => {
  status("connecting", "Connecting…");
  timeline.note(ticket, "issued", "Issued", `${ticket.how}, for ${me}, good for ${seconds(ticket.expire, 0)}`);
  stage.play("issued", () => card.show(ticket, "fresh"));
  stage.play("handed");
});

on("carried", ({ ticket }) => {
  last = ticket;
  timeline.note(ticket, "carried", "Carried", "to the backend, in the request that opens the WebSocket");
  stage.play("carried");
});

on("open", ({ username }) => {
  status("open", `Connected as ${username}`);
  conversation.open = true;
  reuse.disabled = drop.disabled = false;
  const ticket = last;
  stage.play("redeemed", () => card.show(ticket, "redeemed"));
});

on("message", ({ message }) => {
  if (message.type === "message") {
    conversation.say(message);
  } else if (message.type === "presence") {
    conversation.present(message.users);
  } else if (message.type === "ticket") {
    backendSaid(message);
  }
});

function backendSaid({ event, fingerprint, ageMillis, reason }) {
  last.fingerprint ??= fingerprint; // the browser cannot hash outside a secure context
  if (last.fingerprint !== fingerprint) {
    return;
  }
  if (event === "redeemed") {
    timeline.note(last, "redeemed", "Redeemed", `by the backend: it is ${me}, ${seconds(ageMillis ?? 0, 2)} after issue`);
  } else {
    timeline.note(last, "refused", "Refused", `by the backend: it has ${reason.toLowerCase()} for this ticket any more`);
  }
}

on("closed", ({ ticket, byHand }) => {
  trouble = "Connection lost";
  conversation.open = false;
  reuse.disabled = drop.disabled = true;
  timeline.note(ticket, "dropped", "Connection lost", byHand ? "you dropped it" : "the backend or the network went away");
  stage.play("dropped");
});

on("failed", ({ ticket, reason }) => {
  if (ticket) {
    timeline.note(ticket, "refused", "No connection", "refused or unreachable: a browser does not say which");
  }
  trouble = reason;
  stage.play("failed", () => ticket && card.show(ticket, "refused"));
});

on("waiting", ({ wait }) => status("waiting", `${trouble}. Next attempt in ${seconds(wait)}`));

on("ended", () => {
  status("ended", "Logged out");
  conversation.open = false;
  stage.play("ended");
  document.querySelector("main").inert = document.querySelector("header").inert = true;
  byId("ended").hidden = false;
  byId("ended").querySelector("a").focus();
});

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

drop.addEventListener("click", () => connection.drop());

document.querySelector(".who .avatar").replaceWith(avatar(me));
connection.open();
