// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.TransportConnector;
import org.apache.activemq.broker.region.RegionBroker;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;

/** An ActiveMQ in this process, which forgets queues that nobody uses. */
final class ActiveMq implements Broker {

    private final BrokerService service = new BrokerService();
    private final TransportConnector connector;
    private final int port;

    ActiveMq() throws Exception {
        service.setPersistent(false);
        service.setUseJmx(false);
        service.setUseShutdownHook(false);
        var queues = new PolicyEntry();
        queues.setGcInactiveDestinations(true);
        queues.setInactiveTimeoutBeforeGC(1);
        var policies = new PolicyMap();
        policies.setDefaultEntry(queues);
        service.setDestinationPolicy(policies);
        service.setSchedulePeriodForDestinationPurge(100);
        connector = service.addConnector("stomp://127.0.0.1:0");
        service.start();
        assertThat(service.waitUntilStarted()).isTrue();
        port = connector.getConnectUri().getPort();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<String> prefixes() {
        return List.of("/topic/", "/queue/");
    }

    @Override
    public String answers() {
        return "/queue/answers";
    }

    @Override
    public int sessions() {
        return connector.getConnections().size();
    }

    @Override
    public int queues() {
        return ((RegionBroker) service.getRegionBroker())
                .getQueueRegion()
                .getDestinationMap()
                .size();
    }

    @Override
    public void close() throws Exception {
        service.stop();
        service.waitUntilStopped();
    }
}
