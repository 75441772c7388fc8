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
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.jasper.servlet.JasperInitializer;
import org.apache.jasper.servlet.JspServlet;
import org.apache.tomcat.InstanceManager;
import org.apache.tomcat.JarScanner;
import org.apache.tomcat.SimpleInstanceManager;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** JSPs by Jasper, which other containers than Tomcat use, too. */
class JspTest {

    private static final Pattern META = Pattern.compile("<meta name=\"realtime-ticket\" content=\"([^\"]*)\">");

    private static final class Pages implements Container.Application {

        @Override
        public Optional<Path> files() {
            return Optional.of(Path.of("src/test/jsp").toAbsolutePath());
        }

        @Override
        public void register(ServletContext context) {
            TicketGrants aliceUnlessToldOtherwise = request -> request.getHeader("X-Nobody") == null
                    ? Optional.of(TicketGrant.to(TicketHolder.of(1, "alice")))
                    : Optional.empty();
            PageTicketFilter.of(Issuer.of(Tickets.of(TicketStore.inMemory())))
                    .withGrants(aliceUnlessToldOtherwise)
                    .register(context, "*.jsp");
            addJasper(context);
        }

        private static void addJasper(ServletContext context) {
            var noLibraries = new StandardJarScanner();
            noLibraries.setJarScanFilter((type, jar) -> false);
            context.setAttribute(JarScanner.class.getName(), noLibraries);
            context.setAttribute(InstanceManager.class.getName(), new SimpleInstanceManager());
            try {
                new JasperInitializer().onStartup(Set.of(), context);
            } catch (ServletException e) {
                throw new IllegalStateException(e);
            }
            var unused = context.addServlet("jsp", new JspServlet()).addMapping("*.jsp");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aJspPrintsTheTicketOfItsUserAndItsRedactedTextElsewhere(Container container) throws Exception {
        try (var running = container.start(new Pages())) {
            WebUser browser = running.stranger();

            HttpResponse<String> page = browser.get("/page.jsp");
            HttpResponse<String> nobodys = browser.get("/page.jsp", "X-Nobody", "true");

            Ticket ticket = Ticket.parse(WebUser.find(META, page.body())).orElseThrow();
            assertThat(page.body()).contains("<!-- " + ticket + " -->").doesNotContain("<!-- " + ticket.reveal());
            assertThat(nobodys.body()).contains("content=\"\"", "<!--  -->");
            assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
        }
    }
}
