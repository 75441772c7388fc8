// SPDX-License-Identifier: Apache-2.0
/**
 * Java issues, others redeem: each backend of the folder {@code backends} is started and passes what our own gates pass, in both
 * forms of keys; those that end connections with the login, in hashed ones alone.
 */
@NullMarked
package io.github.realtimeticket.interop.backends;

import org.jspecify.annotations.NullMarked;
