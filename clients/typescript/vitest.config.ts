// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "realtime-ticket": new URL("src/index.ts", import.meta.url).pathname } },
  test: {
    testTimeout: 20_000,
    globalSetup: ["test/libraries/spring-setup.ts"],
    setupFiles: ["test/browser.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
