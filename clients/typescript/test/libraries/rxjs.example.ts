// SPDX-License-Identifier: Apache-2.0
import { fullJitter, type TicketError, type TicketSource, TicketWebSocket } from "realtime-ticket";
import { type Observable, retry, share, throwError, timer } from "rxjs";
import { webSocket } from "rxjs/webSocket";

export function connect(
  tickets: TicketSource,
  url: string,
  loggedOut: (error: unknown) => void,
): { messages: Observable<unknown>; send: (message: unknown) => void } {
  const wait = fullJitter();
  let failure: TicketError | undefined;
  class OneConnection extends TicketWebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { tickets, maxRetries: 0 });
      this.addEventListener("error", ({ error }) => {
        failure = error as TicketError | undefined;
      });
      this.open();
    }
  }
  const subject = webSocket<unknown>({ url, WebSocketCtor: OneConnection });
  const delay = (_: unknown, failures: number) => (failure?.final ? throwError(() => failure) : timer(wait(failures)));
  const messages = subject.pipe(retry({ delay, resetOnSuccess: true }), share());
  messages.subscribe({ error: loggedOut });
  return { messages, send: (message) => subject.next(message) };
}
