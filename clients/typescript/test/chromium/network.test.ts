// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test } from "vitest";
import { Network } from "../network.js";
import { describeInChromium } from "./chromium.js";
import { Site } from "./site.js";

describeInChromium("When the network is cut without a word, in Chromium,", (browser) => {
  let site: Site;
  let network: Network;

  beforeEach(async () => {
    site = await Site.start();
    network = await Network.to(site.port);
  });

  afterEach(async () => {
    network.stop();
    await site.stop();
  });

  /** An open connection through the network, and how long it takes from the cut until there is another one. */
  async function backAfter(options: string, then: string): Promise<number> {
    const page = await site.open(browser());
    await page.evaluate(`
      window.opened = [];
      window.socket = new RealtimeTicket.TicketWebSocket("${network.url}/chat", [], ${options});
      socket.onopen = () => opened.push(performance.now());
      socket.open();`);
    await page.waitForFunction("opened.length === 1");
    await page.waitForTimeout(1_500);
    expect(await page.evaluate("opened.length")).toBe(1);
    network.cut();
    const cut = await page.evaluate(`(() => { const now = performance.now(); ${then}; return now; })()`);
    await page.waitForFunction("opened.length === 2", undefined, { timeout: 20_000 });
    return Number(await page.evaluate("opened[1]")) - Number(cut);
  }

  test("a connection with an idleTimeout is back within that time", async () => {
    site.sockets.on("connection", (peer) => setInterval(() => peer.send("."), 200));

    const time = await backAfter("{ idleTimeout: 1000, backoff: () => 100 }", "");

    console.info(`back ${Math.round(time)} ms after the cut, with an idleTimeout of 1,000 ms`);
    expect(time).toBeGreaterThan(500);
    expect(time).toBeLessThan(2_000);
  }, 60_000);

  test("reconnect() waits for nothing", async () => {
    const time = await backAfter("{}", "socket.reconnect()");

    console.info(`reconnect(): back after ${Math.round(time)} ms`);
    expect(time).toBeLessThan(1_000);
  }, 60_000);

  test("close() and open() wait for two seconds, not for a minute", async () => {
    const time = await backAfter("{}", "socket.close(); socket.open()");

    console.info(`close(); open(): back after ${Math.round(time)} ms`);
    expect(time).toBeLessThan(3_500);
  }, 60_000);

  test("a wait ends when the network was away for 300 ms", async () => {
    const page = await site.open(browser());
    await page.evaluate(`
      window.socket = new RealtimeTicket.TicketWebSocket("${network.url}/chat", [], { backoff: () => 60_000 });
      window.waits = 0;
      socket.onwaiting = () => waits++;
      socket.open();`);
    await page.waitForFunction("socket.readyState === 1");
    network.drop();
    await page.waitForFunction("waits === 1");

    await page.context().setOffline(true);
    await page.waitForTimeout(300);
    await page.context().setOffline(false);

    await page.waitForFunction("socket.readyState === 1", undefined, { timeout: 5_000 });
  }, 60_000);

  test("a connection is back when the browser says that the network is", async () => {
    const time = await backAfter("{}", "dispatchEvent(new Event('online'))");

    expect(time).toBeLessThan(1_000);
  }, 60_000);
});
