// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of itself in {@code INFO replication}.
 *
 * @param primary whether it is a primary. A replica has its primary's id
 * @param id which history its data has: 40 hexadecimal digits that never come back; {@code null} if it does not tell
 */
record Replication(boolean primary, @Nullable String id) {

    private static final Pattern PRIMARY = Pattern.compile("^role:master\\r?$", Pattern.MULTILINE);
    private static final Pattern ID = Pattern.compile("^master_replid:([0-9a-f]{40})\\r?$", Pattern.MULTILINE);

    static Replication in(byte @Nullable [] answer) {
        String text = answer == null ? "" : new String(answer, StandardCharsets.US_ASCII);
        Matcher id = ID.matcher(text);
        return new Replication(PRIMARY.matcher(text).find(), id.find() ? id.group(1) : null);
    }

    boolean isPrimaryIn(String history) {
        return primary && history.equals(id);
    }
}
