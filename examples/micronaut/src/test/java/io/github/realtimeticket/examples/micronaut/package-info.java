// SPDX-License-Identifier: Apache-2.0
/** The Micronaut example, over real sockets. */
@NullMarked
package io.github.realtimeticket.examples.micronaut;

import org.jspecify.annotations.NullMarked;
