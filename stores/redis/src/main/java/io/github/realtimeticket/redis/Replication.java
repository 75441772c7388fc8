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

    private static final String PRIMARY = "\nrole:master\n";
    private static final String ID = "\nmaster_replid:";
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{40}");

    static Replication in(byte @Nullable [] answer) {
        String told = answer == null ? "" : new String(answer, StandardCharsets.ISO_8859_1);
        String lines = "\n" + told.replace("\r", "") + "\n";
        int found = lines.indexOf(ID);
        String id = found < 0 ? "" : lines.substring(found + ID.length(), lines.indexOf('\n', found + 1));
        return new Replication(lines.contains(PRIMARY), DIGITS.matcher(id).matches() ? id : null);
    }

    boolean isPrimaryIn(String history) {
        return primary && history.equals(id);
    }
}
