// SPDX-License-Identifier: Apache-2.0
/** Backends of the JVM in one file each, and what tries them. */
@NullMarked
package io.github.realtimeticket.examples.backends;

import org.jspecify.annotations.NullMarked;
