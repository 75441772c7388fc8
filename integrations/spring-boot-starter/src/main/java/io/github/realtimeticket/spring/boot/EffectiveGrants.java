// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

/**
 * The application's grants, or those it has by default, as far as its security goes. A type of its own, so that the application's bean
 * stays the only one of its type.
 *
 * @param <G> those of the web stack
 * @param grants what a request gets
 */
record EffectiveGrants<G>(G grants) {}
