package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.wire.ParcelReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Reads the replies that come on one connection into sums of a pool. For one thread at a time. */
public final class ReplyReader implements ParcelReader.Receiver {
    private final SumPool pool;
    private final int lanes;
    private final Consumer<Reply> receiver;
    private final LongConsumer missed;
    private List<GradientSum> incoming;
    private Map<Integer, MetricSums> measured = new HashMap<>(); // for the request below, whose reply is still to come
    private long measuredFor;

    /**
     * @param lanes of the fit: a reply has no more sums, and reading it takes no more memory
     * @param receiver gets the replies, and owns their sums from then on
     * @param missed gets the numbers of requests whose replies came but could not be read
     */
    public ReplyReader(SumPool pool, int lanes, Consumer<Reply> receiver, LongConsumer missed) {
        this.pool = pool;
        this.lanes = lanes;
        this.receiver = receiver;
        this.missed = missed;
    }

    @Override
    public List<float[]> begin(int kind, ByteBuffer head, long count) {
        if (kind == Messages.MEASURED && count == 0) {
            return List.of();
        }
        int sums = Messages.sums(head, lanes);
        if (kind != Messages.REPLY || count != (long) sums * pool.length()) {
            throw new IllegalStateException("a parcel of kind " + kind + " with " + count + " floats for " + sums
                    + " sums of " + pool.length());
        }
        incoming = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < sums; i++) {
            GradientSum sum = pool.take();
            incoming.add(sum);
            vectors.add(sum.gradient());
        }
        return vectors;
    }

    @Override
    public void complete(int kind, ByteBuffer head, List<float[]> filled) {
        if (measuredFor != Messages.requestNumber(head)) {
            measuredFor = Messages.requestNumber(head);
            measured = new HashMap<>();
        }
        if (kind == Messages.MEASURED) {
            Messages.measured(head, measured);
            return;
        }
        Reply reply = Messages.reply(head, incoming, measured);
        incoming = null;
        measured = new HashMap<>();
        receiver.accept(reply);
    }

    @Override
    public void missed(int kind, ByteBuffer head, List<float[]> vectors) {
        incoming.forEach(pool::giveBack);
        incoming = null;
        missed.accept(Messages.requestNumber(head));
    }
}
