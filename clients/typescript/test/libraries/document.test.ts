// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL(".", import.meta.url);
const document = readFileSync(new URL("../../LIBRARIES.md", folder), "utf8");
const examples = readdirSync(folder).filter((name) => name.includes(".example."));

test.each(examples)("LIBRARIES.md shows %s as it is tested", (name) => {
  const [, ...code] = readFileSync(new URL(name, folder), "utf8").split("\n");

  expect(document).toContain(`\n${code.join("\n").trimStart()}\`\`\``);
});

test("LIBRARIES.md shows nothing else", () => {
  expect([...document.matchAll(/^```[tj]s$/gm)].length).toBe(examples.length);
});
