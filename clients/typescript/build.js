// SPDX-License-Identifier: Apache-2.0
// Makes dist/: what applications serve as it is (minified, as scripts.xml makes it too), and what bundlers and Node.js take.
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** How many bytes each may have at most, minified and gzipped. */
const LARGEST = {
  "realtime-ticket.js": 5_470,
  "realtime-ticket.global.js": 5_525,
  TicketWebSocket: 5_095,
  TicketEventSource: 4_620,
  TicketSource: 2_710,
  useTicketWebSocket: 580,
};
/** The oldest browsers that have all that the scripts use. */
const target = ["chrome100", "firefox97", "safari16.4"];
const served = { "src/served.ts": ["realtime-ticket.js", "esm"], "src/global.ts": ["realtime-ticket.global.js", "iife"] };
/** Each entry of the package, with what it imports and does not contain. */
const entries = { index: [], react: ["react", "./index.js"] };
/** What a bundler takes for a page that imports this and nothing else; the hook without the socket. */
const alone = {
  TicketWebSocket: ["index", []],
  TicketEventSource: ["index", []],
  TicketSource: ["index", []],
  useTicketWebSocket: ["react", entries.react],
};

rmSync("dist", { recursive: true, force: true });
for (const [source, [name, format]] of Object.entries(served)) {
  await build({
    entryPoints: [source],
    outfile: `dist/${name}`,
    format,
    bundle: true,
    minify: true,
    sourcemap: "external",
    target,
  });
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
}
for (const [name, [entry, external]] of Object.entries(alone)) {
  const stdin = { contents: `export { ${name} } from "./src/${entry}.ts"`, resolveDir: "." };
  const minified = await build({ stdin, format: "esm", bundle: true, minify: true, external, target, write: false });
  checkSize(name, minified.outputFiles[0].contents);
}
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
for (const name of readdirSync("dist").filter((name) => name.endsWith(".d.ts"))) {
  const types = readFileSync(`dist/${name}`, "utf8");
  writeFileSync(`dist/${name.replace(/\.ts$/, ".cts")}`, types.replaceAll(/(from "\.\/[\w-]+)\.js"/g, '$1.cjs"'));
}

function checkSize(name, script) {
  const size = gzipSync(script, { level: 9 }).length;
  console.info(`${name}: ${size} bytes gzipped`);
  if (size > LARGEST[name]) {
    throw new Error(`${name} has ${size} bytes gzipped, it must have at most ${LARGEST[name]}`);
  }
}
