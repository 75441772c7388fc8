// SPDX-License-Identifier: Apache-2.0
import { byId, delay } from "./page.js";

/** How long each scene is on, so that eyes can follow what takes a few milliseconds. */
const SCENES = {
  issued: { time: 550, caption: "Issued for the logged-in user" },
  handed: { time: 650, caption: "With the browser, for a few seconds" },
  carried: { time: 650, caption: "Carried with the connection request" },
  redeemed: { time: 500, caption: "Redeemed: the connection is open, the ticket used up" },
  again: { time: 650, caption: "The same ticket, a second time" },
  refused: { time: 1400, caption: "Refused: a ticket opens nothing twice" },
  closed: { time: 900, caption: "Closed by the backend: it ends with the login" },
  dropped: { time: 700, caption: "Connection lost. A new one needs a new ticket" },
  failed: { time: 700, caption: "No connection. The next attempt gets a new ticket" },
  ended: { time: 0, caption: "Logged out: no more tickets" },
  locked: { time: 0, caption: "Locked: not to come back" },
};

/** The diagram: a ticket's way from the web application through the browser to the backend. */
export class Stage {
  #stage = byId("stage");
  #caption = byId("caption");
  #scenes = Promise.resolve();
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #open = false;

  /** Plays a scene after those that are still on; what belongs to it on the page is done when it begins. */
  play(name, begin = () => {}) {
    this.#scenes = this.#scenes.then(() => {
      begin();
      return this.#show(name);
    });
  }

  async #show(name) {
    this.#stage.dataset.state = name;
    this.#caption.textContent = SCENES[name].caption;
    this.#open = name === "redeemed" || (this.#open && (name === "again" || name === "refused"));
    this.#stage.classList.toggle("live", this.#open);
    await delay(this.#still.matches ? 0 : SCENES[name].time);
    if (name === "refused") {
      this.#stage.dataset.state = this.#open ? "redeemed" : "idle";
      this.#caption.textContent = this.#open ? "The connection it opened before goes on" : "";
    }
  }
}
