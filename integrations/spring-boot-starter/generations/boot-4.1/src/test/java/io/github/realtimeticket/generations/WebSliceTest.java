// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

@WebMvcTest(properties = "realtime-ticket.gate.paths=/realtime/**")
class WebSliceTest extends SliceScenarios {}
