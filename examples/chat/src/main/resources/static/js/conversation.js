// SPDX-License-Identifier: Apache-2.0
import { avatar, byId, element } from "./page.js";

const KEPT = 200;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** The chat: who is present, what was said, and the line to write on. */
export class Conversation {
  #messages = byId("messages");
  #composer = byId("composer");
  #text = byId("text");
  #me;

  constructor(me, send) {
    this.#me = me;
    this.#composer.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#text.value.trim();
      if (text) {
        send({ type: "message", text });
        this.#text.value = "";
      }
    });
  }

  set open(open) {
    for (const control of this.#composer.elements) {
      control.disabled = !open;
    }
    if (open && document.activeElement === document.body && matchMedia("(pointer: fine)").matches) {
      this.#text.focus({ preventScroll: true });
    }
    if (!open) {
      this.present([]);
    }
  }

  present(usernames) {
    byId("present").replaceChildren(
      ...usernames.map((username) => {
        const item = element("li");
        item.append(avatar(username), element("span", "", username === this.#me ? `${username} (you)` : username));
        return item;
      }),
    );
  }

  say({ username, text }) {
    byId("empty").hidden = true;
    const previous = this.#messages.lastElementChild;
    const item = element("li", "message");
    item.dataset.username = username;
    item.classList.toggle("mine", username === this.#me);
    item.classList.toggle("follows", previous?.dataset.username === username);
    const by = element("p", "by");
    by.append(element("b", "", username), element("time", "", clock.format(new Date())));
    item.append(avatar(username), by, element("p", "words", text));
    this.#add(item);
  }

  #add(item) {
    const box = this.#messages;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    box.append(item);
    while (box.children.length > KEPT) {
      box.firstElementChild.remove();
    }
    if (atEnd) {
      box.scrollTop = box.scrollHeight;
    }
  }
}
