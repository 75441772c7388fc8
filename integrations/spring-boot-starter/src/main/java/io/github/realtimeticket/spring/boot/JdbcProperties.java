// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The store in the application's database.
 *
 * @param initializeSchema whether the start makes the tables: in an embedded database, always, or never
 * @param timeout within which time an operation succeeds or fails, waiting for a connection included, 1ms to 10s; a bare number is
 *     seconds
 */
record JdbcProperties(
        @DefaultValue("embedded") InitializeSchema initializeSchema,

        @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
        Duration timeout) {

    /** As Boot's own mode, which is not there in every application. */
    enum InitializeSchema {
        EMBEDDED,
        ALWAYS,
        NEVER
    }
}
