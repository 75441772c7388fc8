// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { createEnvironmentInjector, type EnvironmentInjector, Injector, runInInjectionContext } from "@angular/core";
import { get } from "svelte/store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp, createSSRApp, h, nextTick } from "vue";
import { renderToString } from "vue/server-renderer";
import { ADDRESS, endlessTickets, pass, Socket } from "../sockets.js";
import { injectTicketWebSocket } from "./angular.example.js";
import { ticketMessages } from "./svelte.example.js";
import { useTicketWebSocket } from "./vue.example.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  Socket.all = [];
});

afterEach(() => {
  vi.useRealTimers();
});

/** An open connection that has received a message. */
async function hears(message: string): Promise<void> {
  await pass();
  Socket.last.opens();
  Socket.last.says(message);
}

describe("The connection of a component", () => {
  test("in Vue lasts as long as that is mounted, and is not made on a server", async () => {
    document.body.innerHTML = "<main></main>";
    const component = {
      setup() {
        const { readyState, message } = useTicketWebSocket(ADDRESS, { tickets: endlessTickets() });
        return () => h("p", `${readyState.value} ${message.value ?? ""}`);
      },
    };
    vi.useRealTimers();
    expect([await renderToString(createSSRApp(component)), Socket.all.length]).toEqual(["<p>0 </p>", 0]);
    vi.useFakeTimers();
    const application = createApp(component);
    application.mount("main");
    await hears("hello");
    await nextTick();

    expect(document.body.textContent).toBe("1 hello");
    application.unmount();
    await pass(20);
    expect([Socket.all.length, Socket.live.length]).toEqual([1, 0]);
  });

  test("in Svelte lasts as long as its store is subscribed to", async () => {
    const messages = ticketMessages(ADDRESS, { tickets: endlessTickets() });
    expect([get(messages), Socket.all.length]).toEqual([undefined, 0]);
    const seen: unknown[] = [];
    const unsubscribe = messages.subscribe((message) => seen.push(message));
    await hears("hello");

    expect([seen, messages.socket.readyState]).toEqual([[undefined, "hello"], 1]);
    unsubscribe();
    await pass(20);
    expect([Socket.all.length, Socket.live.length]).toEqual([1, 0]);
  });

  test("in Angular lasts as long as its injector", async () => {
    const injector = createEnvironmentInjector([], Injector.NULL as EnvironmentInjector);
    const { readyState, message } = runInInjectionContext(injector, () =>
      injectTicketWebSocket(ADDRESS, { tickets: endlessTickets() }),
    );
    await hears("hello");

    expect([readyState(), message()]).toEqual([1, "hello"]);
    injector.destroy();
    await pass(20);
    expect([Socket.all.length, Socket.live.length]).toEqual([1, 0]);
  });
});
