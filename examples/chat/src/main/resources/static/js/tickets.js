// SPDX-License-Identifier: Apache-2.0
import { fingerprint } from "./fingerprint.js";
import { meta } from "./page.js";

const { TicketSource } = RealtimeTicket;
const expire = Number(meta("realtime-expire") ?? 10);
const first = meta("realtime-ticket");
const source = new TicketSource({ first, firstExpiresIn: expire });

/**
 * The tickets of this page, for this demonstration's eyes: a page that does not show its tickets gives the TicketSource to the socket as
 * it is.
 */
export class ShownTickets {
  #show;

  /** Shows each ticket before the socket gets it. */
  constructor(show) {
    this.#show = show;
  }

  async next(options) {
    const text = await source.next(options);
    const withPage = text === first;
    this.#show({
      text,
      how: withPage ? "with the page" : "by POST /ticket/",
      issuedAt: withPage ? performance.getEntriesByType("navigation")[0].responseStart : performance.now(),
      expire: expire * 1000,
      fingerprint: await fingerprint(text),
    });
    return text;
  }
}

/** Tries to open another connection with a ticket; resolves to whether that was possible. It must not be. */
export function tryAgain(ticket) {
  return new Promise((resolve) => {
    const url = new URL(meta("realtime-url"));
    url.searchParams.set("ticket", ticket.text);
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => resolve(true));
    socket.addEventListener("close", () => resolve(false));
    socket.addEventListener("open", () => socket.close());
  });
}
