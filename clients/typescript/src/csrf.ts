// SPDX-License-Identifier: Apache-2.0

/**
 * The headers that carry this page's CSRF token, read anew at each call: Django's cookie `csrftoken`, the cookie `XSRF-TOKEN` (Spring's
 * `CookieCsrfTokenRepository`, Angular, Laravel), the meta element `csrf-token` (Rails, Laravel) and Spring's meta elements `_csrf` and
 * `_csrf_header`. Each that is there is sent. None in a worker, which has no document.
 */
export function csrfHeaders(): Headers {
  const { document } = globalThis as Partial<typeof globalThis>;
  // An element of the page may have the name `cookie`, too, and take its place.
  const cookie = (name: string): string => `${document?.cookie}`.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
  const meta = (name: string): string | undefined => document?.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
  const headers = new Headers();
  const set = (name: string, value: string | undefined): void => {
    if (value) {
      try {
        headers.set(name, value);
      } catch {
        // No header can carry it: the endpoint says 403 to a request without.
      }
    }
  };
  set("X-CSRFToken", cookie("csrftoken"));
  set("X-XSRF-TOKEN", decoded(cookie("XSRF-TOKEN")));
  set("X-CSRF-TOKEN", meta("csrf-token"));
  set(meta("_csrf_header") || "X-CSRF-TOKEN", meta("_csrf"));
  return headers;
}

/** The value of a cookie, as it is if it was never encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
