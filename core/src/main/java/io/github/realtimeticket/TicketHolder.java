// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The user a ticket stands for: what the web application knew at issue and the backend learns at redemption.
 *
 * <p>Immutable and thread-safe. Everything in a holder is a JSON value, so that it comes out of every store equal to what went
 * in: an integer number as {@link Long} (or {@link java.math.BigInteger} where it needs more than 64 bits), any other number
 * as {@link java.math.BigDecimal}, a string, a boolean, {@code null}, a list, or a map with string keys. Other numbers, lists
 * and maps are converted when the holder is made.
 *
 * @param id the user's id: a string or an integer number, which stays what it is all the way (T8)
 * @param username the user's name, not empty
 * @param attributes what else the backend should know of the user; the names {@code id}, {@code username} and {@code rt} are
 *     taken
 */
public record TicketHolder(Object id, String username, Map<String, @Nullable Object> attributes) implements Principal {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if the id is neither a string nor an integer number, the id or the name is empty, an
     *     attribute has a taken name or is not a JSON value, or a text has an unpaired surrogate, which UTF-8 cannot carry
     */
    public TicketHolder {
        Objects.requireNonNull(username, "username");
        id = JsonValues.id(Objects.requireNonNull(id, "id"));
        if (username.isEmpty()) {
            throw new IllegalArgumentException("The username of a ticket's holder must not be empty");
        }
        JsonValues.requireUnicode("username of a ticket's holder", username);
        attributes = JsonValues.attributes(attributes);
    }

    /**
     * The user itself if it is a holder, else its name as both id and username.
     *
     * @throws IllegalArgumentException if the user has no name
     */
    public static TicketHolder of(Principal user) {
        if (user instanceof TicketHolder holder) {
            return holder;
        }
        String name = user.getName();
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("A " + user.getClass().getSimpleName()
                    + " has no name, as that of a JWT without \"sub\": the application must say whose the ticket is, in its"
                    + " TicketGrants");
        }
        return of(name, name);
    }

    /** A holder with a numeric id. */
    public static TicketHolder of(long id, String username) {
        return new TicketHolder(id, username, Map.of());
    }

    /** A holder with a textual id. */
    public static TicketHolder of(String id, String username) {
        return new TicketHolder(id, username, Map.of());
    }

    /** The same user with these attributes instead. */
    public TicketHolder withAttributes(Map<String, ? extends @Nullable Object> attributes) {
        return new TicketHolder(id, username, JsonValues.attributes(attributes));
    }

    /** The username, as {@link Principal} has it. */
    @Override
    public String getName() {
        return username;
    }

    /** The id and the name with control characters escaped, fit for a log (T13); attributes are not shown. */
    @Override
    public String toString() {
        return "TicketHolder[id=" + JsonValues.escape(id.toString()) + ", username=" + JsonValues.escape(username)
                + "]";
    }
}
