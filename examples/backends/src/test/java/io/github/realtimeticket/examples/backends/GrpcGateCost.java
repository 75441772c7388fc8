// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import org.jspecify.annotations.Nullable;

/** Its connections are calls, all of them over one of TCP. */
class GrpcGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) throws Exception {
        Server server = GrpcChatTest.serving(
                        (room, events) -> {
                            events.onNext("Hello");
                            events.onCompleted();
                        },
                        tickets == null ? new ServerInterceptor[0] : new ServerInterceptor[] {interceptor(tickets)})
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

    private static ServerInterceptor interceptor(Tickets tickets) {
        return new GrpcChat.TicketInterceptor(
                Gate.builder(tickets).carrier(TicketCarrier.header()).build());
    }
}
