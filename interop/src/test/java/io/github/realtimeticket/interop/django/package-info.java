// SPDX-License-Identifier: Apache-2.0
/** A real Django project issues, Java redeems: over HTTP, and in the page of a real Chromium. */
@NullMarked
package io.github.realtimeticket.interop.django;

import org.jspecify.annotations.NullMarked;
