// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/backends/netty.md shows of a test. */
class EmbeddedExampleTest {

    @Test
    void aTicketOpensItsPathOnce() {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        Gate gate = Gate.of(tickets);
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();
        var request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/events?ticket=" + ticket.reveal());
        var names = new Names();
        var first = new EmbeddedChannel(TicketHandler.of(gate, "/events"), names);
        var second = new EmbeddedChannel(TicketHandler.of(gate, "/events"), names);

        first.writeInbound(request.copy());
        second.writeInbound(request);

        HttpResponse refused = second.readOutbound();
        assertThat(names.heard).containsExactly("bob");
        assertThat(refused.status().code()).isEqualTo(401);
    }

    /** The application. */
    private static final class Names extends SimpleChannelInboundHandler<FullHttpRequest> {

        private final List<String> heard = new ArrayList<>();

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            heard.add(TicketHandler.admitted(ctx.channel()).holder().username());
        }
    }
}
