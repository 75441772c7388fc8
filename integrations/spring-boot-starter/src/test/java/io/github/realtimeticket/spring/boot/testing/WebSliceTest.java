// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot.testing;

import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;

/** The part of an application that answers requests, as Boot cuts it out for a test. */
@WebMvcTest(properties = "realtime-ticket.gate.paths=/realtime/**")
class WebSliceTest extends MockMvcScenarios {}
