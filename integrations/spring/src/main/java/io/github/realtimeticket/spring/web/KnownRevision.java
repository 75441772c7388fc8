// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Revocations;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link Revocations#revision()} was before the user of a request was read. Kept with the request, as an {@link Optional} of a text. For the packages of this module. */
public final class KnownRevision {

    /** The attribute of a request or an exchange. Without it, what the revision is when the issuer is asked counts. */
    public static final String ATTRIBUTE = KnownRevision.class.getName();

    private KnownRevision() {}

    /** The value of the attribute, as it is now. */
    public static Optional<String> of(Revocations revocations) {
        try {
            return Optional.ofNullable(revocations.revision());
        } catch (RuntimeException e) {
            // Only whoever wants a ticket is to hear of it, from the issuer.
            return Optional.empty();
        }
    }

    /** The revision in a value of the attribute, or what it is now if there is none. */
    public static @Nullable String in(@Nullable Object attribute, @Nullable String now) {
        return attribute instanceof Optional<?> known ? (String) known.orElse(null) : now;
    }
}
