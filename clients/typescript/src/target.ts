// SPDX-License-Identifier: Apache-2.0

/** An `EventTarget` that knows the types of its events. */
export interface TypedEventTarget<Events> extends EventTarget {
  addEventListener<K extends keyof Events>(
    type: K,
    listener: (event: Events[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof Events>(
    type: K,
    listener: (event: Events[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

export type TypedEventTargetClass = new <Events>() => TypedEventTarget<Events>;

/** Gives the target a property `onopen` for the type `open`, and so on, as the browser's own classes have them. */
export function defineHandlers(target: EventTarget, types: readonly string[]): void {
  for (const type of types) {
    let handler: ((event: Event) => void) | null = null;
    const listener = (event: Event): void => handler?.call(target, event);
    Object.defineProperty(target, `on${type}`, {
      configurable: true,
      get: () => handler,
      set(given: unknown) {
        handler = typeof given === "function" ? (given as typeof handler) : null;
        // Anew each time, so that zone.js runs the handler in the zone where it was set.
        target.removeEventListener(type, listener);
        target.addEventListener(type, listener);
      },
    });
  }
}

/** Another event like this one, since an event can be dispatched only once. The one given may be a library's, and no real `Event`. */
export function again(event: Event): Event {
  if (isMessage(event)) {
    return new MessageEvent(event.type, event as unknown as MessageEventInit);
  }
  return event.type === "close" ? closed(event as CloseEvent) : new Event(event.type);
}

/** Whether the other end has sent this. An event stream can have events of any type, `error` included. */
export function isMessage(event: Event): event is MessageEvent {
  return "data" in event;
}

/** The event of a connection that is over; 1006, that is, without a word from the other end, if not said otherwise. */
export function closed({ code = 1006, reason = "", wasClean = false }: CloseEventInit = {}): CloseEvent {
  const { CloseEvent } = globalThis as Partial<typeof globalThis>; // Node.js 20 has none
  const properties = { code, reason, wasClean };
  return CloseEvent ? new CloseEvent("close", properties) : (eventWith("close", properties) as unknown as CloseEvent);
}

/** An event with further properties. */
export function eventWith<T extends object>(type: string, properties: T): Event & T {
  return Object.assign(new Event(type), properties);
}

/** The event of something that went wrong, and why. */
export function failed(error: unknown): Event & { error: unknown } {
  return eventWith("error", { error });
}

/** Reports what a function of the application has thrown, as a browser does for a listener; it must not disturb the connection. */
export function report(error: unknown): void {
  if (typeof reportError === "function") {
    reportError(error);
  } else {
    setTimeout(() => {
      throw error;
    });
  }
}
