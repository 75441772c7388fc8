// SPDX-License-Identifier: Apache-2.0

export type Data = string | Blob | BufferSource;

/** What waits for a connection, within a limit. */
export class SendQueue {
  /** As `bufferedAmount` counts them. */
  bytes = 0;
  readonly #limit: number;
  #waiting: { data: string | Blob; size: number }[] = [];

  constructor(limit = 2 ** 20) {
    this.#limit = limit;
  }

  add(data: Data): void {
    // A copy: the caller may change its buffer meanwhile.
    const blob = new Blob([data]);
    const { size } = blob;
    if (this.bytes + this.#waiting.length + size >= this.#limit) {
      throw new DOMException("The send queue is full", "QuotaExceededError");
    }
    this.#waiting.push({ data: typeof data === "string" ? data : blob, size });
    this.bytes += size;
  }

  flush(socket: WebSocket): void {
    for (const { data, size } of this.#waiting.splice(0)) {
      this.bytes -= size;
      socket.send(data);
    }
  }

  clear(): void {
    this.#waiting = [];
    this.bytes = 0;
  }
}
