// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of itself in {@code INFO replication}.
 *
 * @param primary whether it is a primary. A replica has its primary's id
 * @param id which history its data has: 40 hexadecimal digits that never come back; {@code null} if it does not tell
 */
record Replication(boolean primary, @Nullable String id) {

    private static final String ROLE = "\nrole:";
    private static final String HISTORY = "\nmaster_replid:";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}");

    static Replication in(byte @Nullable [] answer) {
        String lines = answer == null ? "" : "\n" + new String(answer, StandardCharsets.ISO_8859_1);
        // Between these two stand its replicas' lines, with names that they announce, line breaks included.
        String role = end(lines, lines.indexOf(ROLE), ROLE);
        String id = end(lines, lines.lastIndexOf(HISTORY), HISTORY);
        return new Replication(role.equals("master"), ID.matcher(id).matches() ? id : null);
    }

    private static String end(String lines, int found, String name) {
        if (found < 0) {
            return "";
        }
        int end = found + name.length();
        while (end < lines.length() && lines.charAt(end) >= ' ') {
            end++;
        }
        return lines.substring(found + name.length(), end);
    }

    boolean isPrimaryIn(String history) {
        return primary && history.equals(id);
    }
}
