// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a request for a ticket comes from, as its browser says, which page code cannot forge. */
enum RequestOrigin {
    /** A page of our own origin. */
    OWN,
    /** A page of another origin that is allowed by name. */
    ALLOWED,
    /** The request does not say: not a page in any current browser. */
    UNKNOWN,
    /** Any other page. */
    FOREIGN;

    /** What browsers send where a privacy setting hides the origin; as a binding it would fit any sandboxed page. */
    private static final String OPAQUE = "null";

    private static final int LONGEST = 512;
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    /** Fetch Metadata (section 2.4) where the browser sends it, else {@code Origin} (RFC 6454 section 7). */
    static RequestOrigin of(HttpServletRequest request, TicketEndpointSettings settings) {
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        List<String> sites = Collections.list(request.getHeaders("Sec-Fetch-Site"));
        if (origins.size() > 1 || sites.size() > 1) {
            return FOREIGN;
        }
        String origin = origins.isEmpty() ? null : origins.get(0);
        if (origin != null && !origin.equals(OPAQUE) && !looksLikeOne(origin)) {
            return FOREIGN;
        }
        if (origin != null && settings.allowedOrigins().contains(origin)) {
            return ALLOWED;
        }
        if (!sites.isEmpty()) {
            String site = sites.get(0);
            return site.equals("same-origin") || site.equals("none") ? OWN : FOREIGN;
        }
        if (origin == null) {
            return UNKNOWN;
        }
        return origin.equals(settings.origin()) || origin.equals(own(request)) ? OWN : FOREIGN;
    }

    static @Nullable String header(HttpServletRequest request) {
        return request.getHeader("Origin");
    }

    /** The origin that a ticket is bound to; {@code null} if neither request nor settings say one (T9). */
    static @Nullable String bound(HttpServletRequest request, TicketEndpointSettings settings) {
        String origin = header(request);
        return OPAQUE.equals(origin) ? settings.origin() : origin;
    }

    private static boolean looksLikeOne(String origin) {
        return origin.length() <= LONGEST && ORIGIN.matcher(origin).matches();
    }

    private static String own(HttpServletRequest request) {
        String scheme = request.getScheme().toLowerCase(Locale.ROOT);
        int port = request.getServerPort();
        boolean usual = (scheme.equals("https") && port == 443) || (scheme.equals("http") && port == 80);
        return scheme + "://" + request.getServerName().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }
}
