// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

class SmallApplicationTest extends ApplicationScenarios {}
