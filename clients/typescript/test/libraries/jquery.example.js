// SPDX-License-Identifier: Apache-2.0
export function connect($, url, opened, failed) {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  $.post({ url: "/ticket/", headers: { "X-CSRFToken": cookie ? cookie[1] : "" } })
    .done((answer, _, response) =>
      answer.status === "ok" ? opened(new WebSocket(`${url}?ticket=${answer.message}`)) : failed(response.status),
    )
    .fail((response) => failed(response.status));
}
