// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What pages of origins that are allowed by name may read, with credentials (Fetch Standard, "CORS protocol"). */
final class IssueCors {

    private IssueCors() {}

    static boolean isPreflight(IssueRequest request) {
        return request.method().equals("OPTIONS")
                && !request.headers("Access-Control-Request-Method").isEmpty();
    }

    /** For a request from an allowed origin, and no other. */
    static Map<String, String> headers(IssueRequest request) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Access-Control-Allow-Origin", request.headers("Origin").get(0));
        headers.put("Access-Control-Allow-Credentials", "true");
        headers.put("Access-Control-Expose-Headers", "Retry-After");
        if (isPreflight(request)) {
            headers.put("Access-Control-Allow-Methods", "POST");
            headers.put("Access-Control-Max-Age", "600");
            List<String> asked = request.headers("Access-Control-Request-Headers");
            if (!asked.isEmpty()) {
                headers.put("Access-Control-Allow-Headers", String.join(", ", asked));
            }
        }
        return headers;
    }
}
