// SPDX-License-Identifier: Apache-2.0
/** A backend in Helidon in one file, and what tries it. */
@NullMarked
package io.github.realtimeticket.examples.helidon;

import org.jspecify.annotations.NullMarked;
