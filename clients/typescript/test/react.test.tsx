// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { act, StrictMode, version } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Address, TicketError } from "../src/index.js";
import { type UseTicketWebSocket, type UseTicketWebSocketOptions, useTicketWebSocket } from "../src/react.js";
import { ticket } from "./endpoint.js";
import { ADDRESS, endlessTickets, pass, Socket } from "./sockets.js";

let root: Root;
let shown: UseTicketWebSocket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("WebSocket", Socket);
  Socket.all = [];
  document.body.innerHTML = "<main></main>";
  root = createRoot(main());
});

afterEach(async () => {
  await act(() => root.unmount());
});

function main(): Element {
  return document.querySelector("main") as Element;
}

function Chat({ url, options }: { url: Address | null; options?: UseTicketWebSocketOptions | undefined }) {
  shown = useTicketWebSocket(url, options);
  return <p>{shown.readyState}</p>;
}

async function render(url: Address | null, options: UseTicketWebSocketOptions = { tickets: endlessTickets() }): Promise<void> {
  await act(async () => {
    root.render(
      <StrictMode>
        <Chat url={url} options={options} />
      </StrictMode>,
    );
    await pass();
  });
}

/** Whatever comes from the other end, and what React makes of it. */
async function comes(what: () => unknown): Promise<void> {
  await act(async () => {
    what();
    await pass(1);
  });
}

describe(`useTicketWebSocket with React ${version}`, () => {
  test("makes one connection with one ticket in StrictMode, and shows its state", async () => {
    const tickets = endlessTickets();
    const messages: unknown[] = [];
    const options = { tickets, onMessage: ({ data }: MessageEvent) => messages.push(data) };

    await render(ADDRESS, options);
    expect([Socket.all.length, tickets.given, main().textContent]).toEqual([1, 1, "0"]);
    await comes(() => Socket.last.opens());
    await comes(() => Socket.last.says("hello"));

    expect([main().textContent, messages]).toEqual(["1", ["hello"]]);
    await comes(() => root.unmount());
    await pass(60_000);
    expect([Socket.all.length, Socket.live.length]).toEqual([1, 0]);
  });

  test("keeps the connection through renderings, and calls the functions of the latest one", async () => {
    const tickets = endlessTickets();
    const told: string[] = [];
    await render(() => ADDRESS, { tickets, protocols: ["chat"], onMessage: () => told.push("first") });
    await comes(() => Socket.last.opens("chat"));
    const { send, reconnect } = shown;
    await render(() => `${ADDRESS}/2`, { tickets, protocols: ["chat"], onMessage: () => told.push("second") });
    await comes(() => Socket.last.says("x"));
    send("to the one there is");
    expect([Socket.all.length, told, Socket.last.sent]).toEqual([1, ["second"], ["to the one there is"]]);
    expect([shown.send === send, shown.reconnect === reconnect]).toEqual([true, true]);
    await comes(reconnect);

    expect(Socket.last.url).toBe(`${ADDRESS}/2?ticket=${ticket(1)}`);
  });

  test("makes another connection for another address, and none without one", async () => {
    const tickets = endlessTickets();
    await render(ADDRESS, { tickets });
    await comes(() => Socket.last.opens());
    await render(`${ADDRESS}/2`, { tickets });
    await comes(() => pass(20));
    expect(Socket.live.map(({ url }) => url)).toEqual([`${ADDRESS}/2?ticket=${ticket(1)}`]);
    expect(main().textContent).toBe("0");
    await render(null, { tickets });
    await comes(() => pass(20));

    expect([Socket.live.length, main().textContent, shown.socket]).toEqual([0, "3", undefined]);
  });

  test("shows why there is no connection", async () => {
    const error = new TicketError("logged-out", 401);
    await render(ADDRESS, { tickets: { next: () => Promise.reject(error) } });

    expect([shown.readyState, shown.error]).toEqual([3, error]);
  });

  test("forgets why there was none when a connection is open, and with another address or other protocols", async () => {
    const error = new TicketError("unavailable", 503);
    const given = endlessTickets();
    let isUp = false;
    const tickets = { next: (options: object) => (isUp ? given.next(options) : Promise.reject(error)) };
    const shownAfter = async (then: () => Promise<unknown>): Promise<unknown[]> => {
      isUp = false;
      await comes(() => shown.reconnect());
      const before = shown.error;
      isUp = true;
      await then();
      return [before, shown.error];
    };
    await render(ADDRESS, { tickets, backoff: () => 1_000 });

    const opened = shownAfter(async () => {
      await comes(() => pass(1_000));
      await comes(() => Socket.last.opens());
    });
    expect(await opened).toEqual([error, undefined]);
    expect(await shownAfter(() => render(`${ADDRESS}/2`, { tickets }))).toEqual([error, undefined]);
    expect(await shownAfter(() => render(`${ADDRESS}/2`, { tickets, protocols: "chat" }))).toEqual([error, undefined]);
  });

  const ENDS: [string, UseTicketWebSocketOptions, () => void][] = [
    ["a terminal code", {}, () => Socket.last.ends(3003)],
    ["the last of its retries", { maxRetries: 0 }, () => Socket.last.ends(1012)],
    ["no to another attempt", { shouldReconnect: () => false }, () => Socket.last.ends(1012)],
  ];

  test.each(ENDS)("that reconnects after %s ends with the component, and with its address", async (_, options, ends) => {
    const tickets = endlessTickets();
    for (const leave of [() => render(null), () => root.unmount()]) {
      await render(ADDRESS, { tickets, ...options });
      await comes(() => Socket.last.opens());
      await comes(ends);
      expect(Socket.live.length).toBe(0);
      await comes(() => shown.reconnect());
      await comes(() => Socket.last.opens());
      expect(Socket.live.length).toBe(1);
      await comes(leave);
      await comes(() => pass(60_000));

      expect(Socket.live.length).toBe(0);
    }
    expect(tickets.given).toBe(4);
  });

  test("that reconnects after a logout ends with the component", async () => {
    const tickets = endlessTickets();
    const { next } = tickets;
    tickets.next = () => Promise.reject(new TicketError("logged-out", 401));
    await render(ADDRESS, { tickets });
    expect(shown.readyState).toBe(3);
    tickets.next = next;
    await comes(() => shown.reconnect());
    await comes(() => root.unmount());
    await pass(60_000);

    expect([tickets.given, Socket.live.length]).toEqual([1, 0]);
  });

  test("ends with the component even if the socket was opened by hand", async () => {
    await render(ADDRESS);
    await comes(() => Socket.last.ends(3003));
    await comes(() => shown.socket?.open());
    expect(Socket.live.length).toBe(1);
    await comes(() => root.unmount());
    await pass(20);

    expect(Socket.live.length).toBe(0);
  });

  test("opens nothing for who reconnects when the component is gone, or its address", async () => {
    const tickets = endlessTickets();
    await render(ADDRESS, { tickets });
    const { reconnect } = shown;
    await render(`${ADDRESS}/2`, { tickets });
    await comes(() => pass(20));
    await comes(reconnect);
    expect(Socket.live.map(({ url }) => url)).toEqual([`${ADDRESS}/2?ticket=${ticket(1)}`]);
    const { reconnect: latest } = shown;
    await comes(() => root.unmount());
    await comes(latest);
    await pass(60_000);

    expect([tickets.given, Socket.live.length]).toEqual([2, 0]);
  });

  test("opens nothing on a server, and is the same page in the browser", async () => {
    const options = { tickets: endlessTickets() };
    const html = renderToString(<Chat url="/chat" options={options} />);
    expect([html, Socket.all.length]).toEqual(["<p>0</p>", 0]);
    const complaints = vi.spyOn(console, "error");
    document.body.innerHTML = `<main>${html}</main>`;
    await comes(() => {
      root = hydrateRoot(main(), <Chat url={ADDRESS} options={options} />);
    });

    expect([Socket.all.length, complaints.mock.calls]).toEqual([1, []]);
  });
});
