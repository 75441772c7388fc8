// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop;

import com.google.errorprone.annotations.CheckReturnValue;
import org.junit.jupiter.api.Assumptions;

/** What to do without a tool that this machine lacks: skip what needs it, and say so; on CI, fail. */
public final class Missing {

    private Missing() {}

    @CheckReturnValue
    public static RuntimeException tool(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            return new IllegalStateException(reason);
        }
        System.out.println("SKIPPED: tests of interop. " + reason);
        return Assumptions.abort(reason);
    }
}
