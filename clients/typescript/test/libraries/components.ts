// SPDX-License-Identifier: Apache-2.0
import { createEnvironmentInjector, type EnvironmentInjector, Injector, runInInjectionContext } from "@angular/core";
import type { TicketError, TicketSource, TicketWebSocket } from "realtime-ticket";
import { createApp } from "vue";
import { injectTicketWebSocket } from "./angular.example.js";
import { ticketMessages } from "./svelte.example.js";
import { useTicketWebSocket } from "./vue.example.js";

type LoggedOut = (error: unknown) => void;

function telling(socket: TicketWebSocket, loggedOut: LoggedOut): void {
  socket.addEventListener("error", ({ error }) => (error as TicketError | undefined)?.final && loggedOut(error));
}

/** Mounts a component that shows nothing and has a connection. */
export function vue(tickets: TicketSource, url: string, loggedOut: LoggedOut): unknown {
  const setup = () => {
    telling(useTicketWebSocket(url, { tickets }).socket, loggedOut);
    return () => null;
  };
  return createApp({ setup }).mount(document.createElement("main"));
}

export function svelte(tickets: TicketSource, url: string, loggedOut: LoggedOut): unknown {
  const messages = ticketMessages(url, { tickets });
  telling(messages.socket, loggedOut);
  return messages.subscribe(() => {});
}

export function angular(tickets: TicketSource, url: string, loggedOut: LoggedOut): unknown {
  const injector = createEnvironmentInjector([], Injector.NULL as EnvironmentInjector);
  const { socket } = runInInjectionContext(injector, () => injectTicketWebSocket(url, { tickets }));
  telling(socket, loggedOut);
  return injector;
}
