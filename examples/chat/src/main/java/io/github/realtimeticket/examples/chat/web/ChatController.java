// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.web;

import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import jakarta.servlet.http.HttpServletRequest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.WebAttributes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.SessionAttribute;

/** The two pages: the login and the chat, which carries its first ticket. */
@Controller
class ChatController {

    private final ChatProperties chat;
    private final Tickets tickets;
    private final UserDetailsService users;

    ChatController(ChatProperties chat, Tickets tickets, UserDetailsService users) {
        this.chat = chat;
        this.tickets = tickets;
        this.users = users;
    }

    @GetMapping("/")
    @RealtimeTicket
    String chat(HttpServletRequest request, Model model) {
        model.addAttribute("username", request.getRemoteUser())
                .addAttribute("realtimeUrl", chat.realtimeUrl())
                .addAttribute("expire", tickets.timeToLive().toSeconds());
        if (request.isUserInRole("ADMIN")) {
            model.addAttribute(
                    "lockable",
                    Stream.of("alice", "bob", "carol")
                            .map(users::loadUserByUsername)
                            .toList());
        }
        return "chat";
    }

    @GetMapping("/login")
    String login(
            @SessionAttribute(name = WebAttributes.AUTHENTICATION_EXCEPTION, required = false) @Nullable
                    Exception fault,
            Model model) {
        model.addAttribute("locked", fault instanceof LockedException);
        return "login";
    }
}
