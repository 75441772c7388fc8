// SPDX-License-Identifier: Apache-2.0
/**
 * For the tests of applications.
 *
 * <p>{@link io.github.realtimeticket.spring.test.TicketRequestPostProcessors} gives a request of {@code MockMvc} a real ticket for a
 * holder. Nothing here admits a request: the application's own gate does. Needs {@code spring-test}, which belongs into an
 * application's tests only.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.test;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
