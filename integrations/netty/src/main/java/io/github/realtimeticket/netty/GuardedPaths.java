// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The paths of a server that a ticket opens: each with all that is below it. Immutable and thread-safe. */
record GuardedPaths(List<String> paths) {

    // No slash in front, an empty segment or one of dots, a parameter of a segment, a slash of Windows.
    private static final Pattern ODD = Pattern.compile("^[^/]|//|/\\.\\.?/|[;\\\\]");

    private static final Pattern AS_SENT = Pattern.compile("[!-~]+");

    GuardedPaths {
        for (String path : paths) {
            if (!path.startsWith("/") || path.indexOf('?') >= 0) {
                throw new IllegalArgumentException(
                        "A path that a ticket opens starts with a slash and has no query: " + path);
            }
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("A gate guards at least one path; \"/\" is for all");
        }
        // What is compared may be decoded, too.
        paths = paths.stream()
                .flatMap(path -> Stream.of(path, Objects.requireNonNullElse(decodedPath(path), path)))
                .distinct()
                .toList();
    }

    /**
     * Whether a server could take this target for one of the paths: as it was sent, because Netty's WebSocket handler compares that;
     * decoded, because applications do; and if it does not decode, or some server would resolve it further and finds the names in it.
     */
    boolean contain(String target) {
        String origin = withoutAuthority(target);
        String decoded = decodedPath(origin);
        return decoded == null
                || isWithin(target)
                || isWithin(origin)
                || isWithin(decoded)
                || (ODD.matcher(decoded).find() && hasNames(decoded));
    }

    /** Of paths that can each stand in a request as they are: Netty's own WebSocket handler decodes none. */
    static GuardedPaths asSent(List<String> paths) {
        for (String path : paths) {
            if (!AS_SENT.matcher(path).matches()) {
                throw new IllegalArgumentException(
                        "The path of a WebSocket is percent-encoded, as it is sent: " + path);
            }
        }
        return new GuardedPaths(paths);
    }

    /** Whether Netty's own WebSocket handler takes this target, which it compares as it was sent, for one of the paths or below it. */
    boolean containAsSent(String target) {
        return target.startsWith("/") && isWithin(target, "/?");
    }

    /** The decoded path of a target; null if it does not decode. */
    static @Nullable String decodedPath(String target) {
        try {
            // Not every server ends a path at a hash, which no target may have (RFC 9112 section 3.2).
            return new QueryStringDecoder(target.replace("#", "%23")).path();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private boolean isWithin(String target) {
        return isWithin(target, "/?#;");
    }

    private boolean isWithin(String target, String ends) {
        return paths.stream().anyMatch(path -> {
            String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return base.isEmpty()
                    || (target.startsWith(base)
                            && (target.length() == base.length() || ends.indexOf(target.charAt(base.length())) >= 0));
        });
    }

    private boolean hasNames(String target) {
        return paths.stream().anyMatch(path -> Arrays.stream(path.split("/")).allMatch(target::contains));
    }

    // The absolute form, which a server must accept (RFC 9112 section 3.2.2).
    private static String withoutAuthority(String target) {
        int scheme = target.indexOf("://");
        if (scheme < 0 || target.indexOf('/') < scheme) {
            return target;
        }
        int path = target.indexOf('/', scheme + "://".length());
        return path < 0 ? "/" : target.substring(path);
    }
}
