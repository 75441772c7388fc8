// SPDX-License-Identifier: Apache-2.0

/**
 * The headers that carry this page's CSRF token, read anew at each call: Django's cookie `csrftoken`, the cookie `XSRF-TOKEN` (Spring's
 * `CookieCsrfTokenRepository`, Angular, Laravel) and Spring's meta elements `_csrf` and `_csrf_header`. Each that is there is sent.
 */
export function csrfHeaders(): Headers {
  const { document } = globalThis as { document?: Document }; // a worker has none
  const cookie = (name: string): string => document?.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
  const meta = (name: string): string | undefined => document?.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
  const headers = new Headers();
  const set = (name: string, value: string | undefined): unknown => value && headers.set(name, value);
  set("X-CSRFToken", cookie("csrftoken"));
  set("X-XSRF-TOKEN", decodeURIComponent(cookie("XSRF-TOKEN")));
  set(meta("_csrf_header") || "X-CSRF-TOKEN", meta("_csrf"));
  return headers;
}
