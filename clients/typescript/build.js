// SPDX-License-Identifier: Apache-2.0
// Makes dist/: what applications serve as it is (minified, as scripts.xml makes it too), and what bundlers and Node.js take.
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** In bytes, gzipped. */
const LARGEST = 5.5 * 1024;
/** The oldest browsers that have all that the scripts use. */
const target = ["chrome100", "firefox97", "safari16.4"];
const served = { "src/served.ts": ["realtime-ticket.js", "esm"], "src/global.ts": ["realtime-ticket.global.js", "iife"] };
/** Each entry of the package, with what it imports and does not contain. */
const entries = { index: [], react: ["react", "./index.js"] };

rmSync("dist", { recursive: true, force: true });
for (const [source, [name, format]] of Object.entries(served)) {
  await build({ entryPoints: [source], outfile: `dist/${name}`, format, bundle: true, minify: true, target });
  checkSize(name, readFileSync(`dist/${name}`));
}
copyFileSync("../../LICENSE", "LICENSE"); // for the package
copyFileSync("dist/realtime-ticket.global.js", "dist/global.cjs"); // for require, which takes a .js for a module here
// As modules of one file each, a bundler leaves out those that an application does not use.
const modules = readdirSync("src").filter((name) => !["global.ts", "served.ts"].includes(name));
await build({ entryPoints: modules.map((name) => `src/${name}`), outdir: "dist", format: "esm", sourcemap: true, target });
for (const [entry, external] of Object.entries(entries)) {
  const common = { entryPoints: [`src/${entry}.ts`], bundle: true, external, target };
  await build({ ...common, outfile: `dist/${entry}.cjs`, format: "cjs", sourcemap: true });
  const required = readFileSync(`dist/${entry}.cjs`, "utf8").replaceAll('require("./index.js")', 'require("./index.cjs")');
  writeFileSync(`dist/${entry}.cjs`, required);
  const minified = await build({ ...common, outfile: `${entry}.js`, format: "esm", minify: true, write: false });
  checkSize(`${entry}.js, minified`, minified.outputFiles[0].contents);
}
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
for (const name of readdirSync("dist").filter((name) => name.endsWith(".d.ts"))) {
  const types = readFileSync(`dist/${name}`, "utf8");
  writeFileSync(`dist/${name.replace(/\.ts$/, ".cts")}`, types.replaceAll(/(from "\.\/[\w-]+)\.js"/g, '$1.cjs"'));
}

function checkSize(name, script) {
  const size = gzipSync(script, { level: 9 }).length;
  console.info(`${name}: ${size} bytes gzipped`);
  if (size >= LARGEST) {
    throw new Error(`${name} has ${size} bytes gzipped, it must have less than ${LARGEST}`);
  }
}
