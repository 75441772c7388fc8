// SPDX-License-Identifier: Apache-2.0

/** Calls when the page's policy has forbidden this address. A browser that tells a scheme or an origin alone may mean another one. */
export function whenForbidden(address: string, signal: AbortSignal, then: (error: Error) => void): void {
  globalThis.addEventListener?.(
    "securitypolicyviolation",
    ({ blockedURI, disposition }) => {
      if (disposition === "enforce" && blockedURI === address) {
        then(Object.assign(new Error("Content-Security-Policy forbids it"), { final: true }));
      }
    },
    { signal },
  );
}
