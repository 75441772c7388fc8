// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;

/** All of it, without a server. */
@SpringBootTest(properties = "realtime-ticket.gate.paths=/realtime/**")
@AutoConfigureMockMvc
class WholeApplicationTest extends MockMvcScenarios {}
