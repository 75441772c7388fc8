// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { setupFiles: ["test/browser.ts"], restoreMocks: true, unstubGlobals: true } });
