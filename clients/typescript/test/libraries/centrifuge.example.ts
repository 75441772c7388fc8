// SPDX-License-Identifier: Apache-2.0
import { Centrifuge, UnauthorizedError } from "centrifuge";
import type { TicketSource } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Centrifuge {
  const stop = (error: unknown): never => {
    loggedOut(error);
    throw new UnauthorizedError("logged out");
  };
  const centrifuge = new Centrifuge(url, { getData: () => tickets.next().then((ticket) => ({ ticket }), stop) });
  centrifuge.connect();
  return centrifuge;
}
