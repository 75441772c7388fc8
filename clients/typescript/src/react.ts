// SPDX-License-Identifier: Apache-2.0
"use client"; // for Next.js: a hook is for the browser

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  type Address,
  type ConnectionErrorEvent,
  TicketWebSocket,
  type TicketWebSocketOptions,
  type WaitingEvent,
} from "./index.js";

/** The options of the socket are those of the first rendering with an address; the functions below are always those of the latest. */
export interface UseTicketWebSocketOptions extends TicketWebSocketOptions {
  protocols?: string | readonly string[] | undefined;
  onOpen?: ((event: Event) => void) | undefined;
  onMessage?: ((event: MessageEvent) => void) | undefined;
  onError?: ((event: ConnectionErrorEvent) => void) | undefined;
  onClose?: ((event: CloseEvent) => void) | undefined;
  onWaiting?: ((event: WaitingEvent) => void) | undefined;
}

export interface UseTicketWebSocket {
  /** As of a `WebSocket`: 0 for connecting, 1 for open, 3 for closed. */
  readyState: number;
  /** What the last `error` event said, until a connection is open: a `TicketError` if the user is logged out. */
  error: unknown;
  /** Sends now, or when there is a connection. The same function at each rendering. */
  send: (data: string | Blob | BufferSource) => void;
  /** Makes another connection at once. The same function at each rendering. */
  reconnect: () => void;
  /** For all else; there is none without an address. */
  socket: TicketWebSocket | undefined;
}

const HANDLERS = { open: "onOpen", message: "onMessage", error: "onError", close: "onClose", waiting: "onWaiting" } as const;
const CONNECTING = 0;
const CLOSED = 3;

/**
 * A `TicketWebSocket` for as long as the component is shown. Another address or other protocols make another one; in StrictMode, there is
 * one connection and one ticket, too. On a server nothing is opened.
 *
 * @param url the address, or what gives it before each attempt (always the function of the latest rendering); without one there is no
 * connection
 */
export function useTicketWebSocket(url: Address | null | undefined, options: UseTicketWebSocketOptions = {}): UseTicketWebSocket {
  const latest = useRef({ url, options });
  const [readyState, setReadyState] = useState(url ? CONNECTING : CLOSED);
  const [error, setError] = useState<unknown>();

  // What makes another socket: an object or a function is another one at each rendering.
  const address = typeof url === "function" ? "function" : url && String(url);
  const protocols = [options.protocols ?? []].flat().join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the others are read from the latest rendering
  const socket = useMemo(() => {
    const given = typeof url === "function" ? () => (latest.current.url as () => string | URL | Promise<string | URL>)() : url;
    return given ? new TicketWebSocket(given, options.protocols, options) : undefined;
  }, [address, protocols]);

  useEffect(() => {
    latest.current = { url, options };
  });

  useEffect(() => {
    if (!socket) {
      setReadyState(CLOSED);
      return;
    }
    const life = new AbortController();
    const { signal } = life;
    for (const [type, name] of Object.entries(HANDLERS)) {
      socket.addEventListener(
        type,
        (event) => {
          setReadyState(socket.readyState);
          if (type === "open" || type === "error") {
            setError((event as ConnectionErrorEvent).error);
          }
          (latest.current.options[name] as ((event: Event) => void) | undefined)?.(event);
        },
        { signal },
      );
    }
    socket.open({ signal });
    setReadyState(socket.readyState);
    setError(undefined);
    return () => {
      life.abort();
      socket.close(); // in case that somebody opened it without the signal
    };
  }, [socket]);

  const send = useCallback((data: string | Blob | BufferSource) => socket?.send(data), [socket]);
  const reconnect = useCallback(() => socket?.reconnect(), [socket]);
  return { readyState, error, send, reconnect, socket };
}
