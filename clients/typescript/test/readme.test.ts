// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import ts from "typescript";
import { expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const readme = readFileSync(join(root, "README.md"), "utf8");
const main = readFileSync(join(root, "../../README.md"), "utf8");
const inPage = [...main.matchAll(/<script type="module">\n(.*?)<\/script>/gs)].map(([, code = ""]) =>
  code.replace("/realtime-ticket/realtime-ticket.js", "realtime-ticket"),
);
const examples = [...readme.matchAll(/```tsx?\n(.*?)```/gs)].map(([, code = ""]) => code);

test("the documented line for templates is in the chat's page", () => {
  const [line] = /<script th:with.*?>/.exec(readFileSync(join(root, "../../docs/spring.md"), "utf8")) ?? ["none"];

  expect(readFileSync(join(root, "../../examples/chat/src/main/resources/templates/chat.html"), "utf8")).toContain(
    line.slice(0, -1),
  );
});

test.each([
  ["README.md", /, ([\d.]+) KB gzipped/, "TicketWebSocket"],
  ["README.md", /all else ([\d.]+) KB\)/, "all"],
  ["LIBRARIES.md", /gzipped +\| ([\d.]+) KB/, "TicketWebSocket"],
  ["LIBRARIES.md", /alone, `TicketSource` is ([\d.]+) KB/, "TicketSource"],
])("%s says by %s how large %s is", (document, pattern, name) => {
  const stdin = { contents: `export { ${name} } from "./src/index.ts"`, resolveDir: root };
  const { outputFiles } = buildSync({
    ...(name === "all" ? { entryPoints: [join(root, "src/served.ts")] } : { stdin }),
    format: "esm",
    bundle: true,
    minify: true,
    target: ["chrome100", "firefox97", "safari16.4"],
    write: false,
  });
  const size = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  const [, said] = pattern.exec(readFileSync(join(root, document), "utf8")) ?? [];

  expect(said).toBe((size / 1_000).toFixed(1));
});

test("the browsers that the documents name are those that it is built for", () => {
  const [, chrome, firefox, safari] = /Chrome and Edge (\d+), Firefox (\d+), Safari ([\d.]+)/.exec(readme) ?? [];

  expect(readFileSync(join(root, "build.js"), "utf8")).toContain(
    `const target = ["chrome${chrome}", "firefox${firefox}", "safari${safari}"];`,
  );
});

test("the package says where it comes from, as its README does", () => {
  const { repository, homepage, bugs } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [, project] = /\[Realtime Ticket\]\((https:[^#]+)#readme\)/.exec(readme) ?? [];

  expect(project).toBeDefined();
  expect(repository).toEqual({ type: "git", url: `git+${project}.git`, directory: "clients/typescript" });
  expect(homepage).toBe(`${project}/tree/main/${repository.directory}#readme`);
  expect(bugs).toBe(`${project}/issues`);
});

/** What an example may take for granted. */
const GIVEN = `
  declare function show(data: unknown): void;
`;

test("there are examples", () => {
  expect([examples.length > 2, inPage.length]).toEqual([true, 1]);
});

test.each([...examples, ...inPage])(
  "the README's example compiles: %s",
  (code) => {
    const folder = mkdtempSync(join(root, "test/example-"));
    try {
      const file = join(folder, "example.tsx");
      writeFileSync(file, `${code}${GIVEN}export {};`);
      const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
      const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
      const program = ts.createProgram([file], {
        ...options,
        rootDir: root,
        noEmit: true,
        declaration: false,
        noUnusedLocals: false,
        emitDeclarationOnly: false,
        jsx: ts.JsxEmit.ReactJSX,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        skipLibCheck: true,
        paths: { "realtime-ticket": [join(root, "src/index.ts")], "realtime-ticket/react": [join(root, "src/react.ts")] },
      });

      const messages = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));

      expect(messages).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
