// SPDX-License-Identifier: Apache-2.0
import { isOwn } from "./address.js";

/** Where the Spring Boot starter serves the scripts: below the application's context path, with or without their hash. */
const SERVED = /^((?:\/.*)?)\/realtime-ticket\/(?:[\da-f]{16}\/)?realtime-ticket(?:\.global)?\.js$/;

let served: string | undefined;

/** Tells where this script was loaded from. If an application serves it, its issuing endpoint is not far. */
export function loadedFrom(script: string | undefined): void {
  const url = script ? new URL(script) : undefined;
  if (url && isOwn(url) && SERVED.test(url.pathname)) {
    served = url.origin + url.pathname.replace(SERVED, "$1/ticket/");
  }
}

/** The issuing endpoint, if not said otherwise: `/ticket/` below the context path of the application that serves this script. */
export function endpoint(): string {
  return served ?? "/ticket/";
}
