// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every answer to a request for a ticket has in its header (T12). Pages of origins that are allowed by name may read it, with
 * credentials (Fetch Standard, "CORS protocol").
 */
final class IssueHeaders {

    private IssueHeaders() {}

    static boolean isPreflight(IssueRequest request) {
        return request.method().equals("OPTIONS")
                && !request.headers("Access-Control-Request-Method").isEmpty();
    }

    /** For a request from this site, where pages of other origins are allowed or not. */
    static Map<String, String> of(IssueRequest request, IssueSite site, boolean othersAllowed) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Cache-Control", "no-store");
        headers.put("Referrer-Policy", "no-referrer");
        if (othersAllowed) {
            headers.put("Vary", "Origin");
        }
        if (site == IssueSite.ALLOWED) {
            headers.put("Access-Control-Allow-Origin", request.headers("Origin").get(0));
            headers.put("Access-Control-Allow-Credentials", "true");
            headers.put("Access-Control-Expose-Headers", "Retry-After, Date");
            if (isPreflight(request)) {
                headers.put("Access-Control-Allow-Methods", "POST");
                headers.put("Access-Control-Max-Age", "600");
                List<String> asked = request.headers("Access-Control-Request-Headers");
                if (!asked.isEmpty()) {
                    headers.put("Access-Control-Allow-Headers", String.join(", ", asked));
                }
            }
        }
        return headers;
    }
}
