// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a page asks for: tickets and connections. */
final class PageTraffic {

    private final List<String> posts = new CopyOnWriteArrayList<>();
    private final List<String> sockets = new CopyOnWriteArrayList<>();
    private final List<String> words = new CopyOnWriteArrayList<>();

    static PageTraffic of(Page page) {
        var traffic = new PageTraffic();
        page.onRequest(request -> {
            if (request.url().endsWith("/ticket/")) {
                traffic.posts.add(request.url());
            }
        });
        page.onWebSocket(socket -> traffic.sockets.add(ticket(socket.url())));
        page.onConsoleMessage(message -> traffic.words.add(message.text()));
        page.onPageError(traffic.words::add);
        return traffic;
    }

    /** The requests to the issuing endpoint. */
    List<String> posts() {
        return posts;
    }

    /** The tickets of the connection requests. */
    List<String> tickets() {
        return sockets;
    }

    /** What the page and its scripts wrote to the console, but not what the browser itself writes of failed connections. */
    List<String> words() {
        return words.stream()
                .filter(text -> !text.startsWith("WebSocket connection to"))
                .toList();
    }

    private static String ticket(String url) {
        return Arrays.stream(URI.create(url).getRawQuery().split("&"))
                .filter(parameter -> parameter.startsWith("ticket="))
                .findFirst()
                .orElseThrow()
                .substring("ticket=".length());
    }
}
