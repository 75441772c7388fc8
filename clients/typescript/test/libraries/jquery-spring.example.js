// SPDX-License-Identifier: Apache-2.0
export function connect($, url, opened, failed) {
  const meta = (name) => $(`meta[name="${name}"]`).attr("content");
  $.post({ url: "/ticket/", headers: { [meta("_csrf_header")]: meta("_csrf") } })
    .done((answer, _, response) =>
      answer.status === "ok" ? opened(new WebSocket(`${url}?ticket=${answer.message}`)) : failed(response.status),
    )
    .fail((response) => failed(response.status));
}
