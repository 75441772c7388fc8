// SPDX-License-Identifier: Apache-2.0
// Makes dist/: the module, the classic script, the types. Fails if a script is larger than it may be.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LARGEST = 3 * 1024;
const scripts = { "src/index.ts": ["realtime-ticket.js", "esm"], "src/global.ts": ["realtime-ticket.global.js", "iife"] };

rmSync("dist", { recursive: true, force: true });
for (const [source, [name, format]] of Object.entries(scripts)) {
  await build({ entryPoints: [source], outfile: `dist/${name}`, format, bundle: true, minify: true, target: "es2022" });
  const size = gzipSync(readFileSync(`dist/${name}`), { level: 9 }).length;
  console.info(`${name}: ${size} bytes gzipped`);
  if (size >= LARGEST) {
    throw new Error(`${name} has ${size} bytes gzipped, it must have less than ${LARGEST}`);
  }
}
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
