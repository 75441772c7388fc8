// SPDX-License-Identifier: Apache-2.0
/**
 * The web application. Its users log in with {@link io.github.realtimeticket.examples.chat.web.SecurityConfiguration a form},
 * and {@link io.github.realtimeticket.examples.chat.web.ChatController one controller} renders the page with the first ticket
 * in it. {@link io.github.realtimeticket.examples.chat.web.LockController Another} locks users, whose connections end with that; those of a
 * login that ends are ended by the starter. Every further ticket comes from {@code POST /ticket/}, which the starter adds. The page's modules under {@code
 * static/js} carry the ticket to the backend; {@code main.js} is where to begin.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.examples.chat.web;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
