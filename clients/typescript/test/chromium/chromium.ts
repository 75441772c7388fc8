// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tests in this machine's Chromium. Without one they are skipped, which is said; on CI they fail. */
export function describeInChromium(name: string, tests: (browser: () => Browser) => void): void {
  const executablePath = [process.env.CHROMIUM ?? "", ...PLACES].find(isExecutable);
  if (!executablePath) {
    const reason = `No Chromium: looked at $CHROMIUM and ${PLACES}`;
    if (process.env.CI === "true") {
      throw new Error(reason);
    }
    console.info(`SKIPPED: ${name}. ${reason}`);
  }
  describe.skipIf(!executablePath)(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      // With what users have and Playwright leaves out: pages are kept when they are left.
      const ignoreDefaultArgs = ["--disable-back-forward-cache"];
      browser = await chromium.launch({ executablePath: executablePath as string, args: ARGUMENTS, ignoreDefaultArgs });
    }, 60_000);
    afterAll(() => browser?.close());
    tests(() => browser);
  });
}
