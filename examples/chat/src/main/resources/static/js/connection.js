// SPDX-License-Identifier: Apache-2.0
import { meta } from "./page.js";
import { LoggedOutError } from "./issuing.js";

const FIRST_WAIT = 600;
const LONGEST_WAIT = 15_000;
const PATIENCE = 8_000;

/**
 * Keeps one connection open. Every attempt has a ticket of its own; between attempts is a random wait ("full jitter"), so that
 * many pages do not come back in step; a logged-out user ends it.
 *
 * Tells what happens as events: issued, carried, open, message, closed, waiting, failed, ended.
 */
export class Connection extends EventTarget {
  #issuing;
  #socket = null;
  #failures = 0;
  #timer = 0;
  #byHand = false;

  constructor(issuing) {
    super();
    this.#issuing = issuing;
    addEventListener("online", () => this.#hurry());
  }

  async open() {
    try {
      const ticket = await this.#issuing.next();
      this.#tell("issued", { ticket });
      this.#carry(ticket);
    } catch (error) {
      if (error instanceof LoggedOutError) {
        this.#tell("ended");
      } else {
        this.#tell("failed", { reason: "No ticket issued" });
        this.#again();
      }
    }
  }

  send(message) {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Closes the connection as a lost network would, and lets it come back. */
  drop() {
    this.#byHand = true;
    this.#socket?.close();
  }

  #carry(ticket) {
    const socket = new WebSocket(address(ticket));
    const patience = setTimeout(() => socket.close(), PATIENCE);
    let welcome = false;
    this.#tell("carried", { ticket });
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "welcome") {
        welcome = true;
        clearTimeout(patience);
        this.#failures = 0;
        this.#socket = socket;
        this.#tell("open", { ticket, username: message.username });
      } else {
        this.#tell("message", { message });
      }
    });
    // A browser does not tell a page why a WebSocket did not open: refused, unreachable and stale look alike (code 1006).
    socket.addEventListener("close", () => {
      clearTimeout(patience);
      this.#socket = null;
      this.#tell(welcome ? "closed" : "failed", { ticket, byHand: this.#byHand, reason: "Not connected" });
      this.#byHand = false;
      this.#again();
    });
  }

  #again() {
    const wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    this.#tell("waiting", { wait });
    this.#timer = setTimeout(() => this.#hurry(), wait);
  }

  #hurry() {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.open();
    }
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Tries to open another connection with a ticket; resolves to whether that was possible. It must not be. */
export function tryAgain(ticket) {
  return new Promise((resolve) => {
    const socket = new WebSocket(address(ticket));
    socket.addEventListener("open", () => resolve(true));
    socket.addEventListener("close", () => resolve(false));
    socket.addEventListener("open", () => socket.close());
  });
}

function address(ticket) {
  const url = new URL(meta("realtime-url"));
  url.searchParams.set("ticket", ticket.text);
  return url;
}
