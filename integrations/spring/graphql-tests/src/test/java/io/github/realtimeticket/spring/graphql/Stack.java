// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

/** What serves the application. */
enum Stack {
    SERVLET,
    REACTIVE;

    /** The property that makes it so. */
    String property() {
        return "spring.main.web-application-type=" + name();
    }
}
