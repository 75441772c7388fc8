// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.web;

import io.github.realtimeticket.Revocation;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.UserDetailsManager;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Locks users and unlocks them, for an administrator. */
@RestController
@RequestMapping("/locks/{username}")
@ResponseStatus(HttpStatus.NO_CONTENT)
class LockController {

    private final UserDetailsManager users;
    private final SessionRegistry logins;
    private final ApplicationEventPublisher events;

    LockController(UserDetailsManager users, SessionRegistry logins, ApplicationEventPublisher events) {
        this.users = users;
        this.logins = logins;
        this.events = events;
    }

    /** Lets the user in no more, and ends what is open: first the connections, which are told not to come back, then the logins. */
    @PutMapping
    void lock(@PathVariable String username) {
        UserDetails user = users.loadUserByUsername(username);
        users.updateUser(User.withUserDetails(user).accountLocked(true).build());
        events.publishEvent(Revocation.holder(user.getUsername()).forbidden());
        logins.getAllSessions(user, false).forEach(SessionInformation::expireNow);
    }

    @DeleteMapping
    void unlock(@PathVariable String username) {
        UserDetails user = users.loadUserByUsername(username);
        users.updateUser(User.withUserDetails(user).accountLocked(false).build());
    }
}
