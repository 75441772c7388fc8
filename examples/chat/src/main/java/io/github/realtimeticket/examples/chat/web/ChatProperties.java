// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.web;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings of the chat.
 *
 * @param realtimeUrl where browsers find the realtime backend, such as {@code ws://localhost:8081/chat}
 */
@ConfigurationProperties("chat")
record ChatProperties(URI realtimeUrl) {

    /** The backend's origin, as a Content-Security-Policy names it. */
    String realtimeOrigin() {
        return realtimeUrl.getScheme() + "://" + realtimeUrl.getRawAuthority();
    }
}
