package dev.backdraft.spark.engine.resident;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.spark.engine.wire.Neighbours;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.engine.wire.ParcelReader;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.spark.internal.ThisJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor's end of a session: one connection to the driver for all its tasks of the fit, and where vectors are large some to
 * other executors. Who asks it, driver or executor, gets the answer.
 *
 * <p>The ask with the highest number counts; others, and their answers, are dropped. Messages come on several threads.
 */
final class ExecutorEnd implements SparkTransport.Listener, WorkerGroup.Uplink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorEnd.class);

    private static final int MOST_SUMS = 4; // in an answer, when they are to go through memory

    private final WorkerGroup group = new WorkerGroup(this);
    private final MeasuredBytes serializer = new MeasuredBytes();
    private final int parameterCount;
    private final String token;
    private final SumPool pool;
    private final SparkTransport transport;
    private final Neighbours above; // see answers in memory
    private final Neighbours below; // see parameters there
    private final ConcurrentMap<Link, Connection> connections = new ConcurrentHashMap<>(); // to be trusted
    private final Relay relay; // null when nobody hands on
    private final Link driver;

    @GuardedBy("this")
    private Gathering gathering;

    @GuardedBy("this")
    private float[] spare; // parameters that nobody reads

    private record Connection(ParcelReader parcels, Neighbours neighbours) {}

    /**
     * Connects to the driver.
     *
     * @param parameterCount length of the vectors
     */
    ExecutorEnd(DriverAddress address, int parameterCount) throws IOException, InterruptedException {
        this.parameterCount = parameterCount;
        token = address.token();
        pool = new SumPool(parameterCount);
        transport = new SparkTransport(this);
        boolean sharesMemory = transport.mayShareMemory();
        above = sharesMemory ? Neighbours.of(parameterCount, MOST_SUMS) : Neighbours.none();
        below = sharesMemory && address.handsOn() ? Neighbours.of(parameterCount, 1) : Neighbours.none();
        try {
            driver = transport.connect(address.host(), address.port());
            connections.put(driver, upwards(driver));
            relay = address.handsOn() ? new Relay(transport, below, this::greetBelow, this::trustBelow) : null;
        } catch (IOException | InterruptedException | RuntimeException e) {
            transport.close();
            above.close();
            below.close();
            throw e;
        }
        greet(driver, above);
        LOG.debug("connected to the driver at {}", address);
    }

    private Connection upwards(Link link) {
        return new Connection(new ParcelReader(new AskReader(link)), above);
    }

    private void greet(Link link, Neighbours neighbours) {
        Endpoint own = relay == null ? Endpoint.NONE : relay.endpoint();
        link.send(new Messages.Hello(token, ThisJvm.executorId(), own).frame());
        neighbours.meet(link);
    }

    private void greetBelow(Link link) {
        greet(link, below);
    }

    private void trustBelow(Link link) {
        AnswerReader answers = new AnswerReader(pool, this::answeredBelow, this::missedBelow);
        connections.put(link, new Connection(new ParcelReader(answers), below));
    }

    WorkerGroup group() {
        return group;
    }

    /** Whether the connection to the driver is lost: then no task can do anything here. */
    boolean isLost() {
        return !connections.containsKey(driver);
    }

    @Override
    public void received(Link link, ByteBuffer frame) {
        Connection known = connections.get(link);
        if (known == null) {
            Messages.Hello.read(frame).check(token);
            connections.put(link, upwards(link));
            above.meet(link);
        } else if (Parcel.isPart(frame)) {
            known.parcels().frame(frame);
        } else if (!known.neighbours().received(link, frame, known.parcels())) {
            message(link, Parcel.type(frame));
        }
    }

    private void message(Link link, int type) {
        if (type != Messages.STOP || link != driver) {
            throw new IllegalStateException("a message of type " + type);
        }
        group.stop();
    }

    @Override
    public void closed(Link link) {
        if (link == driver) {
            group.fail("the connection to the driver is lost");
        }
        Connection lost = connections.remove(link);
        if (lost != null) {
            lost.neighbours().forget(link);
            lost.parcels().close();
        }
        if (link == driver) {
            return;
        }
        if (relay != null) {
            relay.forget(link);
        }
        synchronized (this) {
            if (gathering != null && gathering.waitsFor(link)) {
                reportBreak(gathering);
            }
        }
    }

    private synchronized void reportBreak(Gathering broken) {
        if (broken == gathering) {
            driver.send(Messages.broken(broken.ask().number()));
        }
    }

    /** Takes asks from one connection. */
    private final class AskReader implements ParcelReader.Receiver {
        private final Link link;

        AskReader(Link link) {
            this.link = link;
        }

        @Override
        public List<float[]> begin(int kind, ByteBuffer head, long count) {
            if (kind != Messages.ASK || count != parameterCount) {
                throw new IllegalStateException("a parcel of kind " + kind + " with " + count + " floats for "
                        + parameterCount + " parameters");
            }
            return List.of(takeBuffer());
        }

        @Override
        public void complete(int kind, ByteBuffer head, List<float[]> filled) {
            asked(link, Messages.told(head, filled.get(0)));
        }

        @Override
        public void missed(int kind, ByteBuffer head, List<float[]> vectors) {
            giveBack(vectors.get(0));
            driver.send(Messages.missed(Messages.askNumber(head)));
        }
    }

    private synchronized void giveBack(float[] buffer) {
        spare = buffer;
    }

    private synchronized float[] takeBuffer() {
        float[] buffer = spare;
        spare = null;
        return buffer == null ? new float[parameterCount] : buffer;
    }

    private synchronized void asked(Link link, Messages.Told told) {
        Ask ask = told.ask();
        if (gathering != null) {
            if (ask.number() < gathering.ask().number()) {
                spare = ask.question().parameters();
                return;
            }
            if (gathering.isDoneWithParameters()) {
                spare = gathering.ask().question().parameters();
            }
        }
        List<Long> below = new ArrayList<>();
        told.below().forEach(child -> below.add(child.number()));
        Gathering mine = new Gathering(ask, link, below);
        gathering = mine;
        if (!below.isEmpty()) {
            relay.handOn(told.below(), ask.question().parameters(), new Relay.Outcome() {
                @Override
                public void goesOut(long number, Link to) {
                    synchronized (ExecutorEnd.this) {
                        mine.handOn(number, to);
                    }
                }

                @Override
                public void ended(boolean well) {
                    synchronized (ExecutorEnd.this) {
                        mine.endHandOn();
                        if (!well) {
                            reportBreak(mine);
                        }
                    }
                }
            });
        }
        group.ask(ask);
    }

    @Override
    public void joined(Worker worker) {
        driver.send(new Messages.Presence(worker.index(), worker.attempt()).frame(Messages.JOINED));
    }

    @Override
    public void left(Worker worker) {
        driver.send(new Messages.Presence(worker.index(), worker.attempt()).frame(Messages.LEFT));
    }

    /** The own workers' answer; on the thread of the one that was last. */
    @Override
    public synchronized void answered(Answer answer) {
        if (gathering != null && gathering.add(answer)) {
            sendUp();
        }
    }

    private synchronized void answeredBelow(Answer answer) {
        if (gathering != null && gathering.add(answer)) {
            sendUp();
        } else {
            pool.giveBack(answer.sums());
        }
    }

    private synchronized void missedBelow(long ask) {
        if (gathering != null && gathering.waitsFor(ask)) {
            reportBreak(gathering);
        }
    }

    private synchronized void sendUp() {
        if (gathering.isComplete()) {
            Answer answer = gathering.combined();
            List<float[]> vectors = new ArrayList<>();
            answer.sums().forEach(node -> vectors.add(node.sum().gradient()));
            List<Link> up = List.of(gathering.above());
            for (MeasuredBlock block : answer.measured()) { // one by one: with scores for ROC curves they are large
                ByteBuffer measured = Messages.measured(answer.ask(), serializer.write(block));
                Parcel.send(Neighbours.none(), up, Messages.MEASURED, List.of(measured), List.of());
            }
            above.renew();
            Parcel.send(above, up, Messages.ANSWER, List.of(Messages.head(answer)), vectors);
            gathering.received().forEach(pool::giveBack);
        }
    }

    @Override
    public void close() {
        if (relay != null) {
            relay.close();
        }
        transport.close();
        connections.values().forEach(each -> each.parcels().close());
        above.close();
        below.close();
    }
}
