// SPDX-License-Identifier: Apache-2.0
import { TicketWebSocket, type TicketWebSocketOptions } from "realtime-ticket";
import { onMounted, onUnmounted, shallowRef } from "vue";

export function useTicketWebSocket(url: string, options: TicketWebSocketOptions = {}) {
  const socket = new TicketWebSocket(url, [], options);
  const readyState = shallowRef<number>(socket.CONNECTING);
  const message = shallowRef<unknown>();
  const update = () => {
    readyState.value = socket.readyState;
  };
  socket.addEventListener("open", update);
  socket.addEventListener("close", update);
  socket.addEventListener("message", ({ data }) => {
    message.value = data;
  });
  onMounted(() => socket.open());
  onUnmounted(() => socket.close());
  return { socket, readyState, message };
}
