// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;

/**
 * The browser client, served by the application itself: a page needs no bundler.
 *
 * <p>Each script has two addresses. {@link #module()} and {@link #script()} give one that has a hash of the scripts in it, which a
 * browser keeps for a year; a template takes it from this bean. A page without templates takes {@code
 * /realtime-ticket/realtime-ticket.js} or {@code /realtime-ticket/realtime-ticket.global.js}, about which a browser asks each
 * time, and is told if nothing has changed.
 *
 * <p>Thread-safe. The scripts are the same for everybody. A page that is shown without a login needs {@code /realtime-ticket/**}
 * permitted by the rules of the application's security.
 */
public final class ClientScripts {

    private static final String PATH = "/realtime-ticket/";
    private static final String LOCATION = "io/github/realtimeticket/client/";
    private static final String MODULE = "realtime-ticket.js";
    private static final String SCRIPT = "realtime-ticket.global.js";

    private final String hash = hash();

    /**
     * The scripts of the artifact {@code realtime-ticket-client}.
     *
     * @throws UncheckedIOException if that is not on the class path
     */
    public ClientScripts() {}

    /** The path of the ECMAScript module, below the application's context path. */
    public String module() {
        return PATH + hash + "/" + MODULE;
    }

    /** The path of the classic script, which sets {@code RealtimeTicket}, below the application's context path. */
    public String script() {
        return PATH + hash + "/" + SCRIPT;
    }

    /** Each pattern of paths that is served, and how long browsers keep what is there. */
    public Map<String, CacheControl> patterns() {
        return Map.of(
                PATH + hash + "/*.js",
                CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable(),
                PATH + "*.js",
                CacheControl.noCache().cachePublic());
    }

    /** Where the scripts are, for a resource handler. */
    public String location() {
        return "classpath:/" + LOCATION;
    }

    /** What tells these scripts from others, as the time of a file does not: a reproducible build gives all files the same one. */
    public String etag() {
        return '"' + hash + '"';
    }

    private static String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : new String[] {MODULE, SCRIPT}) {
                digest.update(new ClassPathResource(LOCATION + name, ClientScripts.class.getClassLoader())
                        .getContentAsByteArray());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException("The browser client is not there: realtime-ticket-client", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
