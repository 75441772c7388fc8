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

export const TypedEventTarget = EventTarget as new <Events>() => TypedEventTarget<Events>;

/** Another event like this one; an event can be dispatched only once. */
export function again<T extends Event>(event: T): T {
  return new (event.constructor as new (type: string, init: T) => T)(event.type, event);
}

/** An event with further properties. */
export function eventWith<T extends object>(type: string, properties: T): Event & T {
  return Object.assign(new Event(type), properties);
}
