package dev.backdraft.spark.engine.resident.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that connect, without a driver to connect to. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SharedEndpointsTest {
    private final SharedEndpoints endpoints = new SharedEndpoints();
    private final CountDownLatch connecting = new CountDownLatch(1);
    private final CountDownLatch connect = new CountDownLatch(1);

    /** A task on a thread of its own. */
    private final class Task {
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final CompletableFuture<Void> end;

        Task(String session, Callable<ExecutorEndpoint> opener) {
            end = CompletableFuture.runAsync(
                    () -> {
                        thread.set(Thread.currentThread());
                        try {
                            endpoints.use(session, opener, endpoint -> {
                                throw new AssertionError("there is nothing to connect to");
                            });
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task).start());
        }

        void endsWith(Class<? extends Exception> failure) {
            assertThatThrownBy(() -> end.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(failure);
        }

        void interrupt() throws InterruptedException {
            while (thread.get() == null) {
                Thread.sleep(1);
            }
            thread.get().interrupt();
        }
    }

    private ExecutorEndpoint slowly() throws IOException, InterruptedException {
        connecting.countDown();
        try {
            connect.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
        throw new IOException("connection refused");
    }

    private static ExecutorEndpoint atOnce() throws IOException {
        throw new IOException("connection refused");
    }

    @Test
    void aTaskThatIsKilledDoesNotWaitForTheConnectionOfAnother() throws Exception {
        Task first = new Task("Aa", this::slowly);
        connecting.await();
        Task second = new Task("Aa", SharedEndpointsTest::atOnce);
        Thread.sleep(100);
        second.interrupt();
        second.endsWith(InterruptedException.class);
        assertThat(first.end).isNotDone();
        connect.countDown();
        first.endsWith(IOException.class);
    }

    @Test
    void otherSessionsDoNotWaitForAConnection() throws Exception {
        assertThat("BB".hashCode()).as("the same bin of a hash map").isEqualTo("Aa".hashCode());
        Task first = new Task("Aa", this::slowly);
        connecting.await();
        new Task("BB", SharedEndpointsTest::atOnce).endsWith(IOException.class);
        assertThat(first.end).isNotDone();
        connect.countDown();
        first.endsWith(IOException.class);
    }

    @Test
    void whenTheTaskThatConnectsIsKilledAnotherConnects() throws Exception {
        Task first = new Task("Aa", this::slowly);
        connecting.await();
        Task second = new Task("Aa", SharedEndpointsTest::atOnce);
        Thread.sleep(100);
        assertThat(second.end).isNotDone();
        first.interrupt();
        first.endsWith(InterruptedException.class);
        second.endsWith(IOException.class);
    }
}
