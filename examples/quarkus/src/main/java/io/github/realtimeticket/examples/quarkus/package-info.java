// SPDX-License-Identifier: Apache-2.0
/** A backend with Quarkus WebSockets Next, in one file. */
@NullMarked
package io.github.realtimeticket.examples.quarkus;

import org.jspecify.annotations.NullMarked;
