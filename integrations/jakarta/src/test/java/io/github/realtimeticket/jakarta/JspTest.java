// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.jasper.servlet.JasperInitializer;
import org.junit.jupiter.api.Test;

class JspTest {

    private static final Pattern META = Pattern.compile("<meta name=\"realtime-ticket\" content=\"([^\"]*)\">");

    @Test
    void aJspPrintsTheTicketOfItsUserAndItsRedactedTextElsewhere() throws Exception {
        TicketGrants aliceUnlessToldOtherwise = request -> request.getHeader("X-Nobody") == null
                ? Optional.of(TicketGrant.to(TicketHolder.of(1, "alice")))
                : Optional.empty();
        Issuer issuer = Issuer.of(Tickets.of(TicketStore.inMemory()));
        var tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir") + "/tomcat-with-jsp");
        tomcat.setPort(0);
        Context context =
                tomcat.addContext("", Path.of("src/test/jsp").toAbsolutePath().toString());
        Tomcat.initWebappDefaults(context);
        context.getJarScanner().setJarScanFilter((type, jar) -> false);
        context.addServletContainerInitializer(new JasperInitializer(), null);
        context.addServletContainerInitializer(
                (classes, started) -> PageTicketFilter.of(issuer)
                        .withGrants(aliceUnlessToldOtherwise)
                        .register(started, "*.jsp"),
                null);
        tomcat.start();
        try {
            var browser =
                    new WebUser("http://localhost:" + tomcat.getConnector().getLocalPort());

            HttpResponse<String> page = browser.get("/page.jsp");
            HttpResponse<String> nobodys = browser.get("/page.jsp", "X-Nobody", "true");

            Ticket ticket = Ticket.parse(WebUser.find(META, page.body())).orElseThrow();
            assertThat(page.body()).contains("<!-- " + ticket + " -->").doesNotContain("<!-- " + ticket.reveal());
            assertThat(nobodys.body()).contains("content=\"\"", "<!--  -->");
            assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
