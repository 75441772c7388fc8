// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

/** A process that is cut off reaches nothing of Redis: its connections end, and new ones are refused. */
class RedisRevocationsOutOfReachContractTest extends RedisRevocationsContractTest {

    @Override
    protected void cut(Side process) {
        relay(process).refuse();
    }
}
