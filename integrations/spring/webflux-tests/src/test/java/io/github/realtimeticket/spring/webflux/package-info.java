// SPDX-License-Identifier: Apache-2.0
/** The starter in reactive applications, on a class path without servlets. */
@NullMarked
package io.github.realtimeticket.spring.webflux;

import org.jspecify.annotations.NullMarked;
