// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.github.realtimeticket.grpc.TicketInterceptor;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Its connections are calls, all of them over one of TCP. */
class GrpcGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) throws Exception {
        ServerServiceDefinition chat = ServerServiceDefinition.builder("Chat")
                .addMethod(GrpcChat.LISTEN, ServerCalls.asyncServerStreamingCall((room, events) -> {
                    events.onNext("Hello");
                    events.onCompleted();
                }))
                .build();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(
                        tickets == null
                                ? chat
                                : ServerInterceptors.intercept(chat, TicketInterceptor.of(Gate.of(tickets))))
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        return ticket -> {
            var metadata = MetadataUtils.newAttachHeadersInterceptor(GrpcChatTest.metadata(ticket));
            String unused = ClientCalls.blockingServerStreamingCall(
                            ClientInterceptors.intercept(channel, metadata),
                            GrpcChat.LISTEN,
                            CallOptions.DEFAULT,
                            "lobby")
                    .next();
        };
    }
}
