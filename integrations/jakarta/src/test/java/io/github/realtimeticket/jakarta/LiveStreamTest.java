// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may be in a container's objects while it ends them. */
@Timeout(60)
class LiveStreamTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final LiveStream stream = new LiveStream(admitted());
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch out = new CountDownLatch(1);

    /** A container's, whose completion takes its time. */
    private final AsyncContext async = (AsyncContext) Proxy.newProxyInstance(
            LiveStreamTest.class.getClassLoader(), new Class<?>[] {AsyncContext.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("complete")) {
                    stayInside();
                }
                return null;
            });

    @Test
    void theContainerWaitsForWhoeverIsWriting() throws Exception {
        var writing = later(() -> stream.guard(this::stayInside));
        inside.await();

        assertItWaitsFor(writing);
    }

    @Test
    void theContainerWaitsForTheEndOfALoginThatIsBeingTold() throws Exception {
        stream.started(async, async);
        var revoking =
                later(() -> assertThat(revocations.revoke(Revocation.holder(1))).isCompleted());
        inside.await();

        assertItWaitsFor(revoking);
    }

    @Test
    void nobodyButTheContainersThreadComesInAgainUntilItDispatches() throws Exception {
        var called = new CountDownLatch(1);
        stream.started(async, async);
        stream.onTimeout(new AsyncEvent(async));

        var other = later(() -> {
            assertThatThrownBy(() -> stream.guard(called::countDown)).isInstanceOf(IOException.class);
            leave(called);
        });
        other.get(30, TimeUnit.SECONDS);
        assertThat(called.getCount()).isEqualTo(1);
        leave(called);
        assertThat(called.getCount()).isZero();

        later(stream::dispatched).get(30, TimeUnit.SECONDS);
        later(() -> stream.guard(called::countDown)).get(30, TimeUnit.SECONDS);
    }

    @Test
    void aDispatchThatFailsLetsNobodyInWhenTheContainerHasBegunToEndIt() throws Exception {
        stream.started(async, async);
        var dispatching = later(() -> assertThatThrownBy(() -> stream.leave(true, () -> {
                    stayInside();
                    throw new IllegalArgumentException("nowhere");
                }))
                .isInstanceOf(IllegalArgumentException.class));
        inside.await();

        assertItWaitsFor(dispatching);

        later(() -> assertThatThrownBy(() -> stream.guard(() -> {})).isInstanceOf(IOException.class))
                .get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(classes = {UnsupportedOperationException.class, IllegalStateException.class})
    void aDispatchThatFailsInTheThreadThatEndsItLetsNobodyInMeanwhileOrAfterwards(Class<? extends Exception> fault)
            throws Exception {
        var called = new CountDownLatch(1);
        Work asAnother = () -> later(() -> {
                    assertThatThrownBy(() -> stream.guard(called::countDown)).isInstanceOf(IOException.class);
                    leave(called);
                })
                .get(30, TimeUnit.SECONDS);
        stream.started(async, async);
        stream.onTimeout(new AsyncEvent(async));

        assertThatThrownBy(() -> stream.leave(true, () -> {
                    asAnother.run();
                    throw fault.getConstructor(String.class).newInstance("nowhere");
                }))
                .isInstanceOf(fault);
        asAnother.run();
        assertThat(called.getCount()).isEqualTo(1);

        leave(called);
        assertThat(called.getCount()).isZero();
    }

    @Test
    void aDispatchOfTheThreadThatEndsItLetsOthersIn() throws Exception {
        stream.started(async, async);
        stream.onTimeout(new AsyncEvent(async));

        leave(true, () -> {});

        later(() -> stream.guard(() -> {})).get(30, TimeUnit.SECONDS);
    }

    @Test
    void aThreadThatIsToldOfTheEndWhileItWritesDoesNotWaitForItself() throws Exception {
        stream.guard(() -> stream.onError(new AsyncEvent(async)));

        stream.guard(() -> {});
    }

    @Test
    void nobodyComesInWhenTheContainerHasCompleted() throws Exception {
        var called = new CountDownLatch(1);
        stream.started(async, async);
        leave(new CountDownLatch(1));
        stream.onComplete(new AsyncEvent(async));

        assertThatThrownBy(() -> stream.guard(called::countDown)).isInstanceOf(IOException.class);
        leave(called);
        assertThat(called.getCount()).isEqualTo(1);
    }

    private void assertItWaitsFor(CompletableFuture<Void> other) throws Exception {
        var ending = later(() -> stream.onError(new AsyncEvent(async)));
        assertThatThrownBy(() -> ending.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        out.countDown();

        ending.get(30, TimeUnit.SECONDS);
        other.get(30, TimeUnit.SECONDS);
    }

    private void stayInside() {
        inside.countDown();
        try {
            out.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void leave(CountDownLatch called) {
        leave(false, called::countDown);
    }

    private void leave(boolean dispatches, LiveStream.Use<?> leaving) {
        try {
            stream.leave(dispatches, leaving);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> later(Work work) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private Admitted admitted() {
        return (Admitted) tickets.issue(ALICE)
                .thenCompose(Gate.of(tickets)::admit)
                .toCompletableFuture()
                .join();
    }
}
