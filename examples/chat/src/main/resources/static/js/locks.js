// SPDX-License-Identifier: Apache-2.0

// An administrator's buttons: each locks a user, or unlocks.
for (const button of document.querySelectorAll("[data-locked]")) {
  button.addEventListener("click", async () => {
    const { username, locked } = button.dataset;
    const { ok } = await fetch(`/locks/${username}`, {
      method: locked === "true" ? "DELETE" : "PUT",
      headers: RealtimeTicket.csrfHeaders(),
    });
    if (ok) {
      button.dataset.locked = String(locked !== "true");
    }
  });
}
