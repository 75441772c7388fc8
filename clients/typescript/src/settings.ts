// SPDX-License-Identifier: Apache-2.0
import { type Backoff, type Retries, withRetries } from "./backoff.js";
import { type Debug, numberIn, optionIn } from "./options.js";
import { TicketSource, type Tickets } from "./source.js";
import { ENDLESS } from "./wait.js";

export interface ConnectionOptions {
  /** Where the tickets come from; a `TicketSource` of its own by default. */
  tickets?: Tickets | undefined;
  /** The query parameter that carries the ticket; `ticket` by default. */
  parameter?: string | undefined;
  /** How long an attempt may take, in milliseconds, and so may a function that gives the address; 10 seconds by default. */
  connectTimeout?: number | undefined;
  /**
   * How long nothing may be heard of an open connection, in milliseconds, before it is taken for dead and another is made. The server has to
   * send something more often. No limit by default.
   */
  idleTimeout?: number | undefined;
  /** How long a connection must have been open, in milliseconds, for the backoff to begin anew; 5 seconds by default. */
  stableAfter?: number | undefined;
  /** The wait before another attempt to connect. */
  backoff?: Backoff | undefined;
  /**
   * How many attempts may follow the first one without a stable connection, and how often each asks for a ticket again, if `tickets` are not
   * given; no limit by default.
   */
  maxRetries?: number | undefined;
  /** Asked whether another attempt follows, with the event that ended a connection or an attempt, unless the answer is no already. */
  shouldReconnect?: ((event: Event) => boolean) | undefined;
  /** Told what happens, never with a ticket. */
  debug?: Debug | undefined;
}

/**
 * With `error`, there was no ticket or no address, or the page's policy forbids it, and it says why; no other attempt follows if
 * `error.final` is true. Without, the browser's own event: the connection failed.
 */
export interface ConnectionErrorEvent extends Event {
  readonly error?: unknown;
}

/** Another attempt follows. */
export interface WaitingEvent extends Event {
  /** In so many milliseconds, or sooner when the network or the page comes back. */
  readonly delay: number;
}

/** The options, each checked and with its default. */
export interface Settings extends Retries {
  tickets: Tickets;
  parameter: string;
  connectTimeout: number;
  idleTimeout: number;
  stableAfter: number;
  shouldReconnect: (event: Event) => boolean;
  debug: Debug;
}

/** @throws RangeError, TypeError if an option is not what it must be */
export function settingsOf<O extends ConnectionOptions>(options: O): O & Settings {
  const { tickets = new TicketSource({ maxRetries: options.maxRetries }) } = options;
  optionIn(tickets, "next", undefined);
  return {
    ...withRetries(options),
    tickets,
    parameter: optionIn(options, "parameter", "ticket", "string"),
    connectTimeout: numberIn(options, "connectTimeout", 10_000, 1),
    idleTimeout: numberIn(options, "idleTimeout", ENDLESS, 1),
    stableAfter: numberIn(options, "stableAfter", 5_000),
    shouldReconnect: optionIn(options, "shouldReconnect", () => true),
    debug: optionIn(options, "debug", () => {}),
  };
}
