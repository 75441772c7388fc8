// SPDX-License-Identifier: Apache-2.0
/** What the starter does with sessions of Spring Session in Redis, on Spring MVC and on Spring WebFlux. */
@NullMarked
package io.github.realtimeticket.spring.login;

import org.jspecify.annotations.NullMarked;
