// SPDX-License-Identifier: Apache-2.0
/** Our stores on servers that speak like those they were made for. */
@NullMarked
package io.github.realtimeticket.interop.servers;

import org.jspecify.annotations.NullMarked;
