// SPDX-License-Identifier: Apache-2.0
/**
 * The end of a login, which ends what its tickets have opened (T16, T17).
 *
 * <p>{@link io.github.realtimeticket.spring.login.LoginGrants} bind a ticket to the HTTP session, or to the bearer token, with which a user
 * asks for it. When the session ends or gets another id ({@link io.github.realtimeticket.spring.login.SessionEnds}, and {@link
 * io.github.realtimeticket.spring.login.DeletedSessions} with Spring Session), when a user logs out of a session that stays ({@link
 * io.github.realtimeticket.spring.login.SessionEnds#loggedOut}), or when a session is one too many ({@link
 * io.github.realtimeticket.spring.login.ExpiredSessions}), a {@link io.github.realtimeticket.spring.login.Revoker} says so to the {@link
 * io.github.realtimeticket.Revocations}, again and again if need be, and without holding up the logout. In a reactive application {@link
 * io.github.realtimeticket.spring.login.ReactiveLoginGrants} bind it, and a {@link io.github.realtimeticket.spring.login.LoginWebFilter} and
 * {@link io.github.realtimeticket.spring.login.StoredSessionEnds} hear of the end.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.login;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
