// SPDX-License-Identifier: Apache-2.0

type Data = string | Blob | BufferSource;

/** The data as the browser's own class takes it: what is not binary is a text. */
export function sendable(data: unknown): Data {
  // By what it has, not by its class: a Blob of an iframe is one of another realm.
  const { byteLength, arrayBuffer } = Object(data);
  return (byteLength ?? arrayBuffer) === undefined ? String(data) : (data as Data);
}

/** What waits to be sent. */
export class SendQueue {
  bytes = 0;
  readonly #waiting: (string | Blob)[] = [];

  /** @param limit in bytes */
  constructor(readonly limit: number) {}

  /** @throws RangeError if too much waits already */
  add(given: unknown): void {
    const data = sendable(given);
    const blob = new Blob([data]); // a copy: the caller may change its buffer meanwhile
    // Each costs something, even if it is empty.
    if (this.bytes + this.#waiting.length + blob.size >= this.limit) {
      throw new RangeError("Send queue full");
    }
    this.#waiting.push(typeof data === "string" ? data : blob);
    this.bytes += blob.size;
  }

  /** What waited, which does not wait any more. */
  take(): (string | Blob)[] {
    this.bytes = 0;
    return this.#waiting.splice(0);
  }
}
