// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Puts a {@link LiveChannel} behind the HTTP codec of each connection to the server. */
@Singleton
@Requires(classes = {ServerWebSocket.class, NettyHttpRequest.class})
final class LiveChannels implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Customizer(null));
        return event.getBean();
    }

    private record Customizer(@Nullable Channel channel) implements NettyServerCustomizer {

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new Customizer(channel);
        }

        @Override
        public void onStreamPipelineBuilt() {
            ChannelHandlerContext codec =
                    channel == null ? null : channel.pipeline().context(HttpServerCodec.class);
            if (codec != null) {
                codec.pipeline().addAfter(codec.name(), null, new LiveChannel(codec.channel()));
            }
        }
    }
}
