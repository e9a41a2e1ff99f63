package dev.backdraft.spark.engine.resident;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.wire.ParcelReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Reads the answers that come over one connection into sums of a pool. For one thread at a time. */
final class AnswerReader implements ParcelReader.Receiver {
    private final SumPool pool;
    private final Consumer<Answer> receiver;
    private final LongConsumer missed;
    private final MeasuredBytes serializer = new MeasuredBytes();
    private List<GradientSum> incoming;
    private List<MeasuredBlock> measured = new ArrayList<>(); // of this ask, whose answer is still to come
    private long measuredFor;

    /**
     * @param receiver owns the sums of the answers from then on
     * @param missed told the numbers of asks whose answers came, but could not be read
     */
    AnswerReader(SumPool pool, Consumer<Answer> receiver, LongConsumer missed) {
        this.pool = pool;
        this.receiver = receiver;
        this.missed = missed;
    }

    @Override
    public List<float[]> begin(int kind, ByteBuffer head, long count) {
        if (kind == Messages.MEASURED && count == 0) {
            return List.of();
        }
        int sums = Messages.sums(head);
        if (kind != Messages.ANSWER || count != (long) sums * pool.length()) {
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
        if (measuredFor != Messages.askNumber(head)) {
            measuredFor = Messages.askNumber(head);
            measured = new ArrayList<>();
        }
        if (kind == Messages.MEASURED) {
            head.getLong();
            measured.add(serializer.read(head));
            return;
        }
        Answer answer = Messages.answer(head, incoming, measured);
        incoming = null;
        measured = new ArrayList<>();
        receiver.accept(answer);
    }

    @Override
    public void missed(int kind, ByteBuffer head, List<float[]> vectors) {
        incoming.forEach(pool::giveBack);
        incoming = null;
        missed.accept(Messages.askNumber(head));
    }
}
