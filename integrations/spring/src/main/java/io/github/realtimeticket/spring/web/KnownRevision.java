// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Revocations;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where {@link Revocations#knownRevision()} is kept that was asked for before the user of a request was read. For the packages of this module. */
public final class KnownRevision {

    /** The attribute of a request or an exchange. Without it, what the revision is when the issuer is asked counts. */
    public static final String ATTRIBUTE = KnownRevision.class.getName();

    private KnownRevision() {}

    /** The revision in a value of the attribute, or what it is now if there is none. */
    public static @Nullable String in(@Nullable Object attribute, @Nullable String now) {
        return attribute instanceof Optional<?> known ? (String) known.orElse(null) : now;
    }
}
