// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.SmallApplication;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.view.BeanNameViewResolver;
import org.springframework.web.servlet.view.RedirectView;

/** Views of which nobody could tell that they redirect. */
class PageRedirectTest {

    @Import({SmallApplication.class, Annotated.class})
    static class Redirects implements WebMvcConfigurer {

        @Bean("elsewhere")
        RedirectView elsewhere() {
            return new RedirectView("https://other.example/");
        }

        @Bean
        BeanNameViewResolver views() {
            var views = new BeanNameViewResolver();
            views.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return views;
        }

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new Changes()).order(Ordered.HIGHEST_PRECEDENCE);
        }
    }

    /** Stands before ours, so it has its turn after it once the handler is done. */
    private static final class Changes implements HandlerInterceptor {

        @Override
        public void postHandle(
                HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable ModelAndView page) {
            if (page != null && request.getRequestURI().equals("/changed")) {
                page.setViewName("redirect:https://other.example/");
            }
        }
    }

    @Controller
    @RealtimeTicket
    static class Annotated {

        @GetMapping("/named")
        String named(Model model) {
            model.addAttribute("color", "red");
            return "elsewhere";
        }

        @GetMapping("/page")
        String page() {
            return "with-thymeleaf";
        }

        @GetMapping("/changed")
        String changed(Model model) {
            model.addAttribute("color", "red");
            return "with-thymeleaf";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/named", "/changed"})
    void noTicketGetsIntoTheUrlOfARedirect(String path) throws Exception {
        try (var application = Application.start(Redirects.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            HttpResponse<String> page = alice.get(path);

            assertThat(page.statusCode()).isEqualTo(302);
            assertThat(page.headers().allValues("Location")).containsExactly("https://other.example/?color=red");
        }
    }
}
