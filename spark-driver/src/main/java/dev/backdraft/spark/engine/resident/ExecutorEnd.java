package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.engine.resident.SparkTransport.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor's end of a session: one connection to the driver for all its tasks of the fit. There from the first task that comes
 * to the last that goes.
 */
final class ExecutorEnd implements SparkTransport.Listener, WorkerGroup.Uplink, ParcelReader.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorEnd.class);
    private static final ConcurrentMap<String, ExecutorEnd> OPEN = new ConcurrentHashMap<>(); // by session

    private final WorkerGroup group = new WorkerGroup(this, 0);
    private final ParcelReader parcels = new ParcelReader(this);
    private final MeasuredBytes serializer = new MeasuredBytes();
    private final int parameterCount;
    private final SparkTransport transport;
    private final Link driver;
    private int tasks;
    private Ask newest;
    private float[] spare; // parameters of the ask before the newest

    private ExecutorEnd(DriverAddress address, int parameterCount) throws IOException, InterruptedException {
        this.parameterCount = parameterCount;
        transport = new SparkTransport(this);
        try {
            driver = transport.connect(address.host(), address.port());
        } catch (IOException | InterruptedException | RuntimeException e) {
            transport.close();
            throw e;
        }
        driver.send(new Messages.Hello(address.token(), SparkEnv.get().executorId()).frame());
        LOG.debug("connected to the driver at {}", address);
    }

    /**
     * Serves on the task's thread until the session is over.
     *
     * @param parameterCount length of the vectors
     * @throws UncheckedIOException when the driver cannot be reached
     */
    static void serve(String session, DriverAddress address, int parameterCount, Worker worker, TaskContext context) {
        ExecutorEnd end = OPEN.compute(session, (key, open) -> {
            ExecutorEnd here = open == null ? connect(address, parameterCount) : open;
            here.tasks++;
            return here;
        });
        try {
            end.group.serve(worker, context);
        } finally {
            OPEN.compute(session, (key, open) -> {
                end.tasks--;
                if (end.tasks == 0) {
                    end.transport.close();
                    return open == end ? null : open;
                }
                return open;
            });
        }
    }

    private static ExecutorEnd connect(DriverAddress address, int parameterCount) {
        try {
            return new ExecutorEnd(address, parameterCount);
        } catch (IOException e) {
            throw new UncheckedIOException("executor cannot reach the driver at " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to the driver", e);
        }
    }

    @Override
    public void received(Link link, ByteBuffer frame) {
        switch (Messages.type(frame)) {
            case Parcel.FIRST, Parcel.MORE -> parcels.frame(frame);
            case Messages.STOP -> group.stop();
            default -> throw new IllegalStateException("a message of type " + Messages.type(frame));
        }
    }

    @Override
    public void closed(Link link) {
        group.fail("the connection to the driver is lost");
    }

    @Override
    public List<float[]> begin(int kind, ByteBuffer head, long count) {
        if (kind != Messages.ASK || count != parameterCount) {
            throw new IllegalStateException(
                    "a parcel of kind " + kind + " with " + count + " floats for " + parameterCount + " parameters");
        }
        float[] buffer = newest == null || newest.isAnswered() ? spare : null; // else the spare one may still be read
        spare = null;
        return List.of(buffer == null ? new float[parameterCount] : buffer);
    }

    @Override
    public void complete(int kind, ByteBuffer head, List<float[]> filled) {
        if (newest != null && newest.isAnswered()) {
            spare = newest.question().parameters();
        }
        newest = Messages.ask(head, filled.get(0));
        group.ask(newest);
    }

    @Override
    public void joined(Worker worker) {
        driver.send(new Messages.Presence(worker.index(), worker.attempt()).frame(Messages.JOINED));
    }

    @Override
    public void left(Worker worker) {
        driver.send(new Messages.Presence(worker.index(), worker.attempt()).frame(Messages.LEFT));
    }

    /** On the thread of the worker that was last. */
    @Override
    public synchronized void answered(Answer answer) {
        List<float[]> vectors = new ArrayList<>();
        answer.sums().forEach(node -> vectors.add(node.sum().gradient()));
        ByteBuffer head = Messages.head(answer, serializer.write(answer.measured()));
        Parcel.send(List.of(driver), Messages.ANSWER, List.of(head), vectors);
    }
}
