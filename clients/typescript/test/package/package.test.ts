// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack from "webpack";

const root = new URL("../..", import.meta.url).pathname;
const project = mkdtempSync(join(tmpdir(), "realtime-ticket-"));

/** A file of the project, in which the package is installed. */
function write(name: string, content: string): string {
  const file = join(project, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** What the script leaves in the global object of a page. A bundler's script has no imports: everything is in it. */
function inPage(file: string): Record<string, unknown> {
  const page = { document: { baseURI: "https://app.example/page" }, origin: "https://app.example" };
  new Function("globalThis", "self", readFileSync(file, "utf8"))(page, page);
  return page as Record<string, unknown>;
}

const APPLICATION = `
  import { TicketEventSource, TicketSource, TicketWebSocket } from "realtime-ticket";
  import "realtime-ticket/global";
  globalThis.used = [new TicketWebSocket("/chat", [], { tickets: new TicketSource() }).url, new TicketEventSource("/prices").url];
`;

const SEEN = ["wss://app.example/chat", "https://app.example/prices"];

beforeAll(() => {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", project], { cwd: root });
  const [packed = ""] = readdirSync(project);
  write("package.json", '{ "name": "application", "private": true }');
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--legacy-peer-deps", join(project, packed)], {
    cwd: project,
  });
  for (const dependency of ["react", "react-dom", "scheduler"]) {
    symlinkSync(join(root, "node_modules", dependency), join(project, "node_modules", dependency));
  }
}, 180_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("The package", () => {
  test("has the licence and the documents, and each source map names a source with its text", () => {
    const folder = join(project, "node_modules/realtime-ticket");
    expect(readdirSync(folder).sort()).toEqual([
      "LIBRARIES.md",
      "LICENSE",
      "README.md",
      "dist",
      "global",
      "package.json",
      "react",
    ]);

    const maps = readdirSync(join(folder, "dist")).filter((file) => file.endsWith(".map"));
    expect(maps).toEqual(
      expect.arrayContaining([
        "index.cjs.map",
        "index.js.map",
        "react.cjs.map",
        "react.js.map",
        "realtime-ticket.global.js.map",
        "realtime-ticket.js.map",
        "socket.js.map",
      ]),
    );
    for (const name of maps) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, "dist", name), "utf8"));
      expect(sourcesContent.length).toBe(sources.length);
      expect(sourcesContent).not.toContain(null);
    }
  });

  test.each(["README.md", "LIBRARIES.md"])("has no link in %s that leads out of it or nowhere", (name) => {
    const text = readFileSync(join(root, name), "utf8");
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
    const isThere = (link: string): boolean => {
      const [file, anchor] = link.split("#");
      const headings = readFileSync(join(root, file || name), "utf8").matchAll(/^#+ (.+)$/gm);
      const anchors = [...headings].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      return ["", "README.md", "LIBRARIES.md"].includes(file ?? "") && (anchor === undefined || anchors.includes(anchor));
    };

    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !link.startsWith("https://") && !isThere(link))).toEqual([]);
    expect(text).not.toMatch(/`docs\//);
  });

  test("is used in a Vite project", async () => {
    const { build } = await import(
      pathToFileURL(createRequire(createRequire(import.meta.url).resolve("vitest")).resolve("vite")).href
    );
    const entry = write("vite/main.js", APPLICATION);
    await build({
      root: join(project, "vite"),
      configFile: false,
      logLevel: "error",
      build: { lib: { entry, formats: ["iife"], name: "application", fileName: () => "out.js" } },
    });

    const page = inPage(join(project, "vite/dist/out.js"));

    expect(page.used).toEqual(SEEN);
    expect(Object.keys(page.RealtimeTicket as object)).toContain("TicketWebSocket");
  }, 120_000);

  test("is used in a Webpack project, which drops what is not used and keeps the classic script", async () => {
    const build = (entry: string, filename: string) =>
      new Promise<void>((resolve, reject) => {
        webpack(
          { context: project, mode: "production", entry, output: { path: join(project, "webpack"), filename } },
          (error, stats) => (error || stats?.hasErrors() ? reject(error ?? new Error(stats?.toString())) : resolve()),
        );
      });
    await build(write("webpack/main.js", APPLICATION), "out.js");
    await build(
      write("webpack/unused.js", 'import { fullJitter } from "realtime-ticket"; globalThis.used = fullJitter(0)();'),
      "small.js",
    );

    const page = inPage(join(project, "webpack/out.js"));

    expect(page.used).toEqual(SEEN);
    expect(Object.keys(page.RealtimeTicket as object)).toContain("TicketWebSocket");
    expect(readFileSync(join(project, "webpack/small.js"), "utf8").length).toBeLessThan(2_000);
  }, 120_000);

  test.each(["mjs", "cjs"])("renders a React page on a server, as Next.js does, from a .%s", (kind) => {
    const load = (names: string, module: string) =>
      kind === "mjs" ? `import ${names} from "${module}";` : `const ${names} = require("${module}");`;
    write(
      `ssr/page.${kind}`,
      `${load("{ createElement }", "react")}
       ${load("{ renderToString }", "react-dom/server")}
       ${load("{ useTicketWebSocket }", "realtime-ticket/react")}
       ${load("{ TicketWebSocket, TicketEventSource }", "realtime-ticket")}
       const Chat = () => createElement("p", null, useTicketWebSocket("/chat").readyState);
       console.log(renderToString(createElement(Chat)), new TicketWebSocket("/chat").readyState, new TicketEventSource("/x").readyState);`,
    );

    expect(node(join(project, `ssr/page.${kind}`)).trim()).toBe("<p>0</p> 3 2");
    expect(readFileSync(join(project, "node_modules/realtime-ticket/dist/react.js"), "utf8")).toMatch(/^"use client";/);
  });

  test("is used in a Jest project, which takes CommonJS", () => {
    write("jest/package.json", '{ "name": "tests", "jest": { "testEnvironment": "node" } }');
    write(
      "jest/chat.test.js",
      `const { TicketSource, TicketWebSocket } = require("realtime-ticket");
       require("realtime-ticket/global");
       test("a ticket", async () => {
         const fetch = async () => Response.json({ status: "ok", message: "t".repeat(27) });
         const tickets = new TicketSource({ url: "https://app.example/ticket/", fetch });
         expect(await tickets.next()).toBe("t".repeat(27));
         expect(new RealtimeTicket.TicketWebSocket("wss://x.example/").readyState).toBe(TicketWebSocket.CLOSED);
       });`,
    );

    node(join(root, "node_modules/jest/bin/jest.js"), "--rootDir", join(project, "jest"), "--ci");
  }, 120_000);

  test.each([
    ["an ES module in Node.js", "nodenext", "mts"],
    ["CommonJS in Node.js", "nodenext", "cts"],
    ["a bundler", "bundler", "ts"],
  ])(
    "has types for %s, with exactOptionalPropertyTypes and without skipLibCheck",
    (_, kind, extension) => {
      const file = write(
        `types/application.${extension}`,
        `import { TicketEventSource, TicketWebSocket, TicketSource, type TicketError } from "realtime-ticket";
       import { useTicketWebSocket } from "realtime-ticket/react";
       const native: WebSocket = new TicketWebSocket("/chat", "chat", { tickets: new TicketSource({ url: undefined }), queueLimit: undefined });
       const stream: EventSource = new TicketEventSource("/prices", { withCredentials: undefined });
       class One extends TicketWebSocket {
         constructor(url: string | URL, protocols?: string | string[]) { super(url, protocols, { maxRetries: 0 }); this.open(); }
       }
       export const classes: [typeof WebSocket] = [One];
       native.addEventListener("close", ({ code }) => code.toFixed());
       stream.onerror = (event) => event.type;
       RealtimeTicket.fullJitter();
       export const used = [native, useTicketWebSocket] as const;
       export type Used = TicketError;
       import "realtime-ticket/global";`,
      );
      const program = ts.createProgram([file], {
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        types: [],
        module: kind === "nodenext" ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
        moduleResolution: kind === "nodenext" ? ts.ModuleResolutionKind.NodeNext : ts.ModuleResolutionKind.Bundler,
      });
      const messages = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));

      // React's own types are not installed in this project.
      expect(messages.filter((message) => !message.includes("'react'"))).toEqual([]);
    },
    120_000,
  );
});
