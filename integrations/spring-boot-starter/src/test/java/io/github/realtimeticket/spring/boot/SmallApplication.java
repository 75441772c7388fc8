// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** An application that adds the dependency and sets up nothing: a page with a ticket, and paths that say who came. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Controller
class SmallApplication {

    @GetMapping("/page")
    @RealtimeTicket
    String page() {
        return "with-mustache";
    }

    @GetMapping({"/me", "/realtime/who", "/events"})
    @CrossOrigin("https://app.example")
    @ResponseBody
    String who(Principal user) {
        return user.getName();
    }

    @GetMapping("/realtime/fault")
    String fault() {
        throw new IllegalStateException("as the test wants it");
    }
}
