// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** The network between the browser and a port: it can be cut without a word (no FIN, no RST), and is there for new connections. */
export class Network {
  readonly #sockets: Socket[] = [];
  readonly #server;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) {
        socket.on("error", () => {});
        this.#sockets.push(socket);
      }
    });
  }

  static async to(port: number): Promise<Network> {
    const network = new Network(port);
    network.#server.listen(0, "127.0.0.1");
    await once(network.#server, "listening");
    return network;
  }

  /** Its address on this side. */
  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends each connection. */
  drop(): void {
    for (const socket of this.#sockets.splice(0)) {
      socket.destroy();
    }
  }

  cut(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.removeAllListeners("end");
      socket.removeAllListeners("data");
      socket.pause();
    }
  }

  stop(): void {
    this.drop();
    this.#server.close();
  }
}
