// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a controller, or on one of its methods: the views it renders carry a ticket, as the model attribute
 * {@value PageTicket#ATTRIBUTE}.
 *
 * <p>The attribute is a {@link PageTicket}, whose {@code text} a view prints: the ticket's, or an empty one if nobody is logged in or
 * the store is down; the page renders in any case. Nothing is issued for redirects, forwards and bodies that are no views; and where a view turns out to redirect
 * only later, the ticket never gets into its URL.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface RealtimeTicket {}
