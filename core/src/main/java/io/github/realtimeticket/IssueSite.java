// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a request for a ticket comes from, as its browser says, which page code cannot forge. */
enum IssueSite {
    /** A page of the application's own origin. */
    OWN,
    /** A page of another origin that is allowed by name. */
    ALLOWED,
    /** The request does not say: not a page in any current browser. */
    UNKNOWN,
    /** Any other page. */
    FOREIGN;

    /** What browsers send where a privacy setting hides the origin; as a binding it would fit any sandboxed page. */
    private static final String OPAQUE = "null";

    /** Fetch Metadata (section 2.4) where the browser sends it, else {@code Origin} (RFC 6454 section 7). */
    static IssueSite of(IssueRequest request, @Nullable String configured, Set<String> allowed) {
        List<String> origins = request.headers("Origin");
        List<String> sites = request.headers("Sec-Fetch-Site");
        if (origins.size() > 1 || sites.size() > 1) {
            return FOREIGN;
        }
        String sent = origins.isEmpty() ? OPAQUE : origins.get(0);
        // Exactly as browsers write it: whoever writes it otherwise is none.
        String origin =
                Origin.parse(sent).map(Origin::text).filter(sent::equals).orElse(null);
        if (origin == null && !sent.equals(OPAQUE)) {
            return FOREIGN;
        }
        if (origin != null && allowed.contains(origin)) {
            return ALLOWED;
        }
        if (!sites.isEmpty()) {
            String site = sites.get(0);
            return site.equals("same-origin") || site.equals("none") ? OWN : FOREIGN;
        }
        if (origins.isEmpty()) {
            return UNKNOWN;
        }
        Origin own = request.ownOrigin();
        boolean same = origin != null && (origin.equals(configured) || (own != null && origin.equals(own.text())));
        return same ? OWN : FOREIGN;
    }

    /** The origin that a ticket is bound to; {@code null} if neither request nor settings say one (T9). */
    static @Nullable String bound(IssueRequest request, @Nullable String configured) {
        List<String> origins = request.headers("Origin");
        return origins.isEmpty()
                ? null
                : Origin.parse(origins.get(0)).map(Origin::text).orElse(configured);
    }

    /**
     * Whether the request carries a credential that a browser adds to no request by itself, and a foreign page can't add
     * without being allowed by name (RFC 6750 section 2.1, RFC 9449 section 7.1).
     */
    static boolean hasOwnCredential(IssueRequest request) {
        return request.headers("Authorization").stream()
                .map(value -> value.toLowerCase(Locale.ROOT))
                .anyMatch(value -> value.startsWith("bearer ") || value.startsWith("dpop "));
    }

    /**
     * Whether a page is shown to its user now: no {@code HEAD}, no prefetch, and from another site a navigation only (Fetch Metadata,
     * sections 2.2 and 2.4).
     */
    static boolean isShown(IssueRequest request) {
        boolean prefetch = Stream.of("Sec-Purpose", "Purpose", "X-Moz")
                .flatMap(name -> request.headers(name).stream())
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).startsWith("prefetch"));
        List<String> sites = request.headers("Sec-Fetch-Site");
        boolean own = sites.isEmpty() || sites.equals(List.of("same-origin")) || sites.equals(List.of("none"));
        boolean navigation = request.headers("Sec-Fetch-Mode").equals(List.of("navigate"))
                && request.headers("Sec-Fetch-Dest").equals(List.of("document"));
        return !request.method().equals("HEAD") && !prefetch && (own || navigation);
    }
}
