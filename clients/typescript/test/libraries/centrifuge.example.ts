// SPDX-License-Identifier: Apache-2.0
import { Centrifuge, UnauthorizedError } from "centrifuge";
import { fullJitter, type TicketSource } from "realtime-ticket";

export function connect(tickets: TicketSource, url: string, loggedOut: (error: unknown) => void): Centrifuge {
  const wait = fullJitter();
  let refusals = 0;
  const centrifuge = new Centrifuge(url, {
    getData: async () => {
      await new Promise((resolve) => setTimeout(resolve, refusals && wait(refusals)));
      try {
        return { ticket: await tickets.next() };
      } catch (error) {
        loggedOut(error);
        throw new UnauthorizedError("logged out");
      }
    },
  });
  centrifuge.on("connected", () => {
    refusals = 0;
  });
  centrifuge.on("disconnected", ({ code }) => {
    if (code >= 100 && code < 3_000) {
      refusals++;
      centrifuge.connect();
    }
  });
  centrifuge.connect();
  return centrifuge;
}
