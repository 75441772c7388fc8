// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot.testing;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;

/** A whole application, without a server. */
@SpringBootTest(properties = "realtime-ticket.gate.paths=/realtime/**")
@AutoConfigureMockMvc
class WholeApplicationTest extends MockMvcScenarios {}
