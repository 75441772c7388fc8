// SPDX-License-Identifier: Apache-2.0
/** A backend with WebSockets of Micronaut, in one file. */
@NullMarked
package io.github.realtimeticket.examples.micronaut;

import org.jspecify.annotations.NullMarked;
