// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.testkit.BareIssuer.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Web applications that believe a request too much, each in one way. */
final class TrustingIssuers {

    private static final String PROOF = "X-CSRF-Token";

    private TrustingIssuers() {}

    /** Does not look at where a request comes from if it has a proof. */
    static final class TrustsEverySite extends BrokenIssuer {
        @Override
        public Request heard(Request request) {
            return with(with(request, "Origin", List.of()), "Sec-Fetch-Site", List.of());
        }
    }

    /** Reads a request's first origin. */
    static final class ReadsTheFirstOrigin extends BrokenIssuer {
        @Override
        public Request heard(Request request) {
            return with(
                    request,
                    "Origin",
                    request.headers("Origin").stream().limit(1).toList());
        }
    }

    /** Reads where a request comes from only in older browsers' words. */
    static final class KnowsNoFetchMetadata extends BrokenIssuer {
        @Override
        public Request heard(Request request) {
            return with(request, "Sec-Fetch-Site", List.of());
        }
    }

    /** Has no protection against forged requests of browsers that do not say where these come from. */
    static final class AsksForNoProof extends BrokenIssuer {
        @Override
        public Request heard(Request request) {
            return request.session()
                    .map(session -> with(request, PROOF, List.of(session.token())))
                    .orElse(request);
        }
    }

    /** Looks whether there is a proof, and not whose. */
    static final class TakesAnyProof extends BrokenIssuer {
        @Override
        public Request heard(Request request) {
            return request.session()
                    .filter(session -> !request.headers(PROOF).isEmpty())
                    .map(session -> with(request, PROOF, List.of(session.token())))
                    .orElse(request);
        }
    }

    /** Issues whatever the method is. */
    static final class TakesAnyMethod extends BrokenIssuer {
        @Override
        public Request heard(Request request) {
            boolean preflight =
                    !request.headers("Access-Control-Request-Method").isEmpty();
            return preflight ? request : new Request("POST", request.fields(), request.session());
        }
    }

    /** Finds its path in every spelling. */
    static final class FindsEverySpelling extends BrokenIssuer {
        @Override
        public boolean isOurs(String path) {
            return URLDecoder.decode(path, StandardCharsets.UTF_8)
                    .toLowerCase(Locale.ROOT)
                    .matches(".*/ticket(/.*|;.*)?");
        }
    }

    /** Lets every page read its answers. */
    static final class LetsEverybodyRead extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return request.headers("Origin").stream()
                    .findFirst()
                    .map(origin -> with(
                            with(answer, "Access-Control-Allow-Origin", origin),
                            "Access-Control-Allow-Credentials",
                            "true"))
                    .orElse(answer);
        }
    }

    /** Keeps from allowed pages when to come back. */
    static final class HidesWhenToComeBack extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return without(answer, "Access-Control-Expose-Headers");
        }
    }

    /** Wants a login of a preflight, which never has one. */
    static final class WantsALoginOfPreflights extends BrokenIssuer {
        @Override
        public IssueAnswer said(Request request, IssueAnswer answer) {
            return answer.status() == 204 ? new IssueAnswer(401, Map.of(), "") : answer;
        }
    }
}
