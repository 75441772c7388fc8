// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;

/** The paths of a server that a ticket opens: each with all that is below it. Immutable and thread-safe. */
record GuardedPaths(List<String> paths) {

    GuardedPaths {
        paths = List.copyOf(paths);
        for (String path : paths) {
            if (!path.startsWith("/") || path.indexOf('?') >= 0) {
                throw new IllegalArgumentException(
                        "A path that a ticket opens starts with a slash and has no query: " + path);
            }
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("A gate guards at least one path; \"/\" is for all");
        }
    }

    // As it was sent, because Netty's WebSocket handler compares that, and decoded, because applications do.
    boolean contain(String target) {
        String origin = withoutAuthority(target);
        return isWithin(target) || isWithin(origin) || isWithin(decoded(origin));
    }

    private boolean isWithin(String target) {
        return paths.stream().anyMatch(path -> {
            String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return base.isEmpty()
                    || (target.startsWith(base)
                            && (target.length() == base.length() || "/?#;".indexOf(target.charAt(base.length())) >= 0));
        });
    }

    // The absolute form, which a server must accept (RFC 9112 section 3.2.2).
    private static String withoutAuthority(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + "://".length());
        return path < 0 ? "/" : target.substring(path);
    }

    private static String decoded(String target) {
        try {
            return new QueryStringDecoder(target).path();
        } catch (IllegalArgumentException e) {
            return target;
        }
    }
}
