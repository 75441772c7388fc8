// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Log;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import java.util.logging.Level;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Follows every buffer of the Netty in gRPC, and fails a class of tests in which one was lost. */
final class Leaks implements BeforeAllCallback, AfterAllCallback {

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    private final Log log = new Log(ResourceLeakDetector.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loaded before the first buffer is made.
    }

    // A lost buffer is reported after its collection, when another is made. One that is lost on purpose tells that this
    // has come.
    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (context.getTestClass().orElseThrow().getEnclosingClass() != null) {
            return;
        }
        String canary = "canary of " + context.getDisplayName();
        lose(canary);
        for (int attempt = 0;
                attempt < 2_000 && log.said(Level.SEVERE).stream().noneMatch(leak -> leak.contains(canary));
                attempt++) {
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(8).release();
            Thread.sleep(10);
        }
        assertThat(log.said(Level.SEVERE)).singleElement().asString().contains(canary);
        log.close();
    }

    private static void lose(String hint) {
        ByteBuf unused = ByteBufAllocator.DEFAULT.buffer(8).touch(hint);
    }
}
