// SPDX-License-Identifier: Apache-2.0
/** What the tests of this module have in common: a real Redis, and other languages' tools, or what to do without them. */
@NullMarked
package io.github.realtimeticket.interop;

import org.jspecify.annotations.NullMarked;
