// SPDX-License-Identifier: Apache-2.0
// Makes dist/: the module, the classic script, the types. Fails if a script is larger than it may be.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LARGEST = 4 * 1024;
const scripts = { "src/index.ts": "dist/realtime-ticket.js", "src/global.ts": "dist/realtime-ticket.global.js" };

rmSync("dist", { recursive: true, force: true });
for (const [source, script] of Object.entries(scripts)) {
  await build({
    entryPoints: [source],
    outfile: script,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    sourcemap: true,
  });
  const size = gzipSync(readFileSync(script), { level: 9 }).length;
  console.log(`${script}: ${size} bytes gzipped`);
  if (size > LARGEST) {
    throw new Error(`${script} has ${size} bytes gzipped, ${LARGEST} are allowed`);
  }
}
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
