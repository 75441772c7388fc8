// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import type { TestProject } from "vitest/node";

const folder = new URL("spring-broker/", import.meta.url).pathname;

/** Where the class path is kept: Maven takes its time. */
const kept = new URL("../../target/spring-broker.classpath", import.meta.url).pathname;

declare module "vitest" {
  export interface ProvidedContext {
    /** The file with the class path of Spring's broker. */
    springBroker: string;
    /** Why Spring's broker can't be started here; empty if it can. */
    noSpring: string;
  }
}

/** Before all tests, since several files need the class path at once. */
export default function setup(project: TestProject): void {
  project.provide("springBroker", kept);
  project.provide("noSpring", classPath());
}

function classPath(): string {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
    if (!existsSync(kept)) {
      execFileSync("mvn", ["-q", "-B", "-f", folder, "dependency:build-classpath", `-Dmdep.outputFile=${kept}`], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    }
    return "";
  } catch (error) {
    rmSync(kept, { force: true });
    const { message, stdout } = error as Error & { stdout?: string | null };
    return `No Java with Maven that resolves Spring: ${(stdout || message).split("\n")[0]}`;
  }
}
