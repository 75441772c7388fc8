// SPDX-License-Identifier: Apache-2.0
// What a browser has and Node has not by itself.
import { CloseEvent, EventSource, WebSocket } from "undici";

Object.assign(globalThis, { CloseEvent, EventSource, WebSocket });
if (!("document" in globalThis)) {
  Object.assign(globalThis, { location: new URL("https://app.example/page"), origin: "https://app.example" });
}
