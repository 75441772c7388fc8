// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.web;

import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The two pages: the login and the chat, which carries its first ticket. */
@Controller
class ChatController {

    private final ChatProperties chat;
    private final Tickets tickets;

    ChatController(ChatProperties chat, Tickets tickets) {
        this.chat = chat;
        this.tickets = tickets;
    }

    @GetMapping("/")
    @RealtimeTicket
    String chat(Principal user, Model model) {
        model.addAttribute("username", user.getName())
                .addAttribute("realtimeUrl", chat.realtimeUrl())
                .addAttribute("expire", tickets.timeToLive().toSeconds());
        return "chat";
    }

    @GetMapping("/login")
    String login() {
        return "login";
    }
}
