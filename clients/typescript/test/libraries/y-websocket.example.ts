// SPDX-License-Identifier: Apache-2.0
import { type TicketSource, TicketWebSocket } from "realtime-ticket";
import { WebsocketProvider } from "y-websocket";
import { Doc } from "yjs";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): WebsocketProvider {
  class OneConnection extends TicketWebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { tickets, maxRetries: 0 });
      this.addEventListener("error", ({ error }) => {
        if ((error as { final?: boolean } | undefined)?.final) {
          provider.disconnect();
          loggedOut(error);
        }
      });
      this.open();
    }
  }
  const provider = new WebsocketProvider(url, "room", new Doc(), { WebSocketPolyfill: OneConnection, disableBc: true });
  return provider;
}
