// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A servlet request as an issuer sees it. Its own origin is that of the request's URL, which the container makes right behind a proxy
 * if it is told to.
 */
record ServletIssueRequest(HttpServletRequest request, Predicate<? super HttpServletRequest> csrfProof)
        implements IssueRequest {

    /** More than any application's own proof needs. */
    private static final int LONGEST_FORM = 100_000;

    /**
     * Whether its body is a form that is long, or does not say how long it is. A container reads a form whole to show a single parameter, as
     * far as its own limit goes, and waits for what does not come. Undertow before 2.3.21 has no limit unless told otherwise.
     */
    static boolean hasLongForm(HttpServletRequest request) {
        // Not by getContentType(), at which Jetty fails for a charset that it does not know.
        String type = request.getHeader("Content-Type");
        long length = request.getContentLengthLong();
        return type != null
                && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")
                && (length < 0 || length > LONGEST_FORM);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public @Nullable Origin ownOrigin() {
        return Origin.parse(request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort())
                .orElse(null);
    }

    @Override
    public boolean hasCsrfProof() {
        return hasParameters(request) && csrfProof.test(request);
    }

    @Override
    public boolean isReadable() {
        // Not a stranger's form. And a page may be the answer to a long one, which is the application's to read.
        boolean ofStranger = request.getHeader("Content-Type") != null && request.getUserPrincipal() == null;
        return ofStranger || hasLongForm(request) || hasParameters(request);
    }

    /** Whether its query, and its form if it has one, can be read: containers say with an exception that one does not parse. */
    static boolean hasParameters(HttpServletRequest request) {
        try {
            return request.getParameterMap() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
