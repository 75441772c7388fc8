// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.web;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The web application: knows who is logged in, and issues tickets. */
@SpringBootApplication
@EnableConfigurationProperties(ChatProperties.class)
public class ChatApplication {}
