// SPDX-License-Identifier: Apache-2.0
export function connect($, url, opened, failed) {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  $.ajaxSetup({ headers: { "X-CSRFToken": cookie ? cookie[1] : "" } });
  $.post("/ticket/")
    .done((answer) => opened(new WebSocket(`${url}?ticket=${answer.message}`)))
    .fail((response) => failed(response.status));
}
