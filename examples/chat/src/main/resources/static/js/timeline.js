// SPDX-License-Identifier: Apache-2.0
import { byId, element, seconds } from "./page.js";

const KEPT = 8;

/** Every ticket of this page with what happened to it, the newest ticket first. */
export class Timeline {
  #list = byId("timeline");
  #groups = new Map();

  /** Notes what happened to a ticket just now: kind is issued, carried, redeemed, refused, dropped or closed. */
  note(ticket, kind, title, text) {
    const age = kind === "issued" ? 0 : performance.now() - ticket.issuedAt;
    const group = this.#groups.get(ticket) ?? this.#start(ticket);
    const item = element("li", "event");
    item.dataset.kind = kind;
    item.append(
      element("b", "title", title),
      element("time", "", `+${seconds(age, 2)}`),
      element("span", "text", text),
    );
    group.append(item);
    this.#reveal(item);
    return item;
  }

  // Moves the list only, never the page.
  #reveal(item) {
    const hidden = item.getBoundingClientRect().bottom - this.#list.getBoundingClientRect().bottom;
    this.#list.scrollTop += hidden + 14;
  }

  #start(ticket) {
    const box = element("li", "life");
    box.dataset.fingerprint = ticket.fingerprint ?? "";
    const head = element("p", "name");
    head.append(element("span", "chip", ticket.fingerprint ?? "a ticket"));
    const group = element("ol", "line");
    box.append(head, group);
    this.#list.prepend(box);
    this.#list.scrollTop = 0;
    this.#groups.set(ticket, group);
    if (this.#list.children.length > KEPT) {
      this.#list.lastElementChild.remove();
      this.#groups.delete(this.#groups.keys().next().value);
    }
    return group;
  }
}
