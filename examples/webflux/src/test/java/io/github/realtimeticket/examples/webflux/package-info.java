// SPDX-License-Identifier: Apache-2.0
/** {@link io.github.realtimeticket.examples.webflux.WebFluxChat} is a whole reactive application, to copy; the tests drive it. */
@NullMarked
package io.github.realtimeticket.examples.webflux;

import org.jspecify.annotations.NullMarked;
