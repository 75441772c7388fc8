// SPDX-License-Identifier: Apache-2.0
// The module as an application serves it, which knows from where it was loaded. A bundler's module does not.
import { loadedFrom } from "./endpoint.js";

loadedFrom(import.meta.url);

export * from "./index.js";
