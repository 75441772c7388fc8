// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
// The tests of the hook once more, with React 18.
import { buildSync } from "esbuild";

const outfile = `${import.meta.dirname}/../target/react-18.js`;

buildSync({
  entryPoints: [`${import.meta.dirname}/react.test.tsx`],
  outfile,
  alias: { react: "react-18", "react-dom": "react-dom-18" },
  define: { "process.env.NODE_ENV": '"development"' },
  external: ["vitest", "node:*"],
  jsx: "automatic",
  bundle: true,
  format: "esm",
  logLevel: "error",
});

await import(outfile);
