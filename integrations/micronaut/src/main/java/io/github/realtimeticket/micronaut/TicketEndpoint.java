// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Executable;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.util.StringUtils;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.context.ServerContextPathProvider;
import io.micronaut.http.server.util.HttpHostResolver;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code POST /ticket/}, below the context path, with a ticket for the logged-in user, where the application has an {@link
 * Issuer}. {@link TicketRoutes} leads every method here: the issuer decides on it.
 *
 * <p>One spelling of its path is answered and no other that a router takes for the same, so that a rule of a proxy or of the application
 * sees what we see; the others are 404.
 *
 * <p>The user is asked for in a thread that may block. No thread waits for the store.
 *
 * <p><b>Security:</b> Micronaut Security lets everybody come, so that whoever is not logged in gets a 401 of ours and no redirect.
 */
@Context
@Requires(beans = Issuer.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
@ServerFilter(TicketEndpoint.PATH)
final class TicketEndpoint {

    static final String PATH = "/ticket/";

    private static final String ANSWER = TicketEndpoint.class.getName();

    private final Issuer issuer;
    private final TicketGrants grants;
    private final HttpHostResolver hosts;
    private final @Nullable Revocations revocations;
    private final String path;

    TicketEndpoint(
            Issuer issuer,
            BeanProvider<TicketGrants> grants,
            HttpHostResolver hosts,
            BeanProvider<Revocations> revocations,
            ServerContextPathProvider server) {
        this.issuer = issuer;
        this.grants = grants.isPresent() ? grants.get() : TicketGrants.byPrincipal();
        this.hosts = hosts;
        this.revocations = revocations.isPresent() ? revocations.get() : null;
        path = StringUtils.prependUri("/" + Objects.requireNonNullElse(server.getContextPath(), ""), PATH);
    }

    String path() {
        return path;
    }

    @Executable
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Secured("isAnonymous()")
    CompletionStage<HttpResponse<?>> answer(HttpRequest<?> request) {
        if (!request.getUri().getRawPath().equals(path)) {
            return CompletableFuture.completedFuture(HttpResponse.notFound());
        }
        return issuer.issue(new MicronautIssueRequest(request, hosts, grants), () -> grants.grant(request))
                .thenApply(answer -> {
                    request.setAttribute(ANSWER, answer);
                    return MicronautAnswer.of(answer);
                });
    }

    /** Before any filter reads the user: the ticket of one who is revoked after that is refused (T16). */
    @RequestFilter
    void note(HttpRequest<?> request) {
        if (revocations != null) {
            MicronautIssueRequest.note(request, revocations);
        }
    }

    /**
     * Has the last word: the application's CORS adds headers that the answer has, and a browser takes none that is there twice. An answer that
     * cannot be changed is the application's own.
     */
    @ResponseFilter
    void repeat(HttpRequest<?> request, HttpResponse<?> response) {
        if (response instanceof MutableHttpResponse<?> mutable) {
            request.getAttribute(ANSWER, IssueAnswer.class)
                    .ifPresent(answer -> MicronautAnswer.repeat(answer, mutable.getHeaders()));
        }
    }
}
