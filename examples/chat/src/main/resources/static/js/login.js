// SPDX-License-Identifier: Apache-2.0

// A click on one of the demonstration's users fills the form in.
const username = document.getElementById("username");
const password = document.getElementById("password");

for (const button of document.querySelectorAll("[data-user]")) {
  button.addEventListener("click", () => {
    username.value = button.dataset.user;
    password.value = "ticket";
    username.form.requestSubmit();
  });
}
