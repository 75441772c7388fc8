// SPDX-License-Identifier: Apache-2.0
import { byId, seconds } from "./page.js";

const STAMPS = { redeemed: "Used", refused: "Refused", expired: "Expired" };

/** The ticket itself: fingerprint, age, and how long it would still live. */
export class TicketCard {
  #card = byId("ticket");
  #ticket = null;
  #state = "none";

  constructor() {
    setInterval(() => this.#tick(), 100);
  }

  show(ticket, state) {
    const other = ticket !== this.#ticket;
    this.#ticket = ticket;
    this.#state = state;
    byId("fingerprint").textContent = ticket.fingerprint ?? "········";
    if (other) {
      delete this.#card.dataset.state;
      void this.#card.offsetWidth; // lets the entrance play again
    }
    this.#tick();
  }

  #tick() {
    const ticket = this.#ticket;
    if (!ticket) {
      return;
    }
    const age = performance.now() - ticket.issuedAt;
    const left = Math.max(0, ticket.expire - age);
    const state = left === 0 && this.#state === "fresh" ? "expired" : this.#state;
    this.#card.dataset.state = state;
    byId("stamp").textContent = STAMPS[state] ?? "";
    byId("age").textContent = seconds(age);
    byId("left").textContent = (left / 1000).toFixed(1);
    byId("left-label").textContent = left === 0 ? "time is over" : "seconds left";
    byId("meter").style.setProperty("--left", String(left / ticket.expire));
  }
}
