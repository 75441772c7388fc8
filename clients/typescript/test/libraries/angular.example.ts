// SPDX-License-Identifier: Apache-2.0
import { DestroyRef, inject, signal } from "@angular/core";
import { TicketWebSocket, type TicketWebSocketOptions } from "realtime-ticket";

export function injectTicketWebSocket(url: string, options: TicketWebSocketOptions = {}) {
  const socket = new TicketWebSocket(url, [], options);
  const readyState = signal<number>(socket.CONNECTING);
  const message = signal<unknown>(undefined);
  const update = () => readyState.set(socket.readyState);
  socket.addEventListener("open", update);
  socket.addEventListener("close", update);
  socket.addEventListener("message", ({ data }) => message.set(data));
  inject(DestroyRef).onDestroy(() => socket.close());
  if (typeof document !== "undefined") {
    socket.open();
  }
  return { socket, readyState: readyState.asReadonly(), message: message.asReadonly() };
}
