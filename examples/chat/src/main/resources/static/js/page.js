// SPDX-License-Identifier: Apache-2.0

/** The content of a meta tag, or null if it is absent or empty. */
export function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content || null;
}

export function byId(id) {
  return document.getElementById(id);
}

/** A new element. Text goes in as text, so a user's words are never read as markup. */
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** An avatar: the first letter of a name, in a shade that is the name's own. */
export function avatar(username) {
  const made = element("span", "avatar", [...username][0] ?? "?");
  made.dataset.shade = String([...username].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 4);
  made.setAttribute("aria-hidden", "true");
  return made;
}

export function seconds(milliseconds, digits = 1) {
  const minutes = Math.floor(milliseconds / 60_000);
  return minutes > 0 ? `${minutes} min` : `${(milliseconds / 1000).toFixed(digits)} s`;
}

export function delay(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
