// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says whom a ticket stands for, from the user of the request that asks for it. An implementation is thread-safe.
 *
 * <p>With Spring Security the principal is the {@code Authentication}. Anonymous users are never asked about; users that are
 * remembered from an earlier login are.
 */
@FunctionalInterface
public interface TicketHolderMapper {

    /** The holder of this user's tickets, or nothing if this user gets none. */
    Optional<TicketHolder> holder(Principal principal);

    /** What a user who may be nobody gets: a ticket for the holder, if there is one. */
    default Optional<TicketGrant.Granted> grant(@Nullable Principal user) {
        return user == null ? Optional.empty() : holder(user).map(TicketGrant::to);
    }

    /** The principal itself if it is a {@link TicketHolder}, else its name as both id and username. */
    static TicketHolderMapper byName() {
        return principal -> principal instanceof TicketHolder holder
                ? Optional.of(holder)
                : Optional.of(TicketHolder.of(principal.getName(), principal.getName()));
    }
}
