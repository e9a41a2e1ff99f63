package dev.backdraft.spark.engine.resident;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.resident.SparkTransport.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An executor, as the driver sees it: a connection, and the answer that is coming in. Its messages come on one thread. */
final class RemoteMember implements Member, ParcelReader.Receiver {
    private final String executor;
    private final Link link;
    private final Coordinator coordinator;
    private final SumPool pool;
    private final ParcelReader parcels = new ParcelReader(this);
    private final MeasuredBytes serializer = new MeasuredBytes();
    private List<GradientSum> incoming;

    RemoteMember(String executor, Link link, Coordinator coordinator, SumPool pool) {
        this.executor = executor;
        this.link = link;
        this.coordinator = coordinator;
        this.pool = pool;
    }

    Link link() {
        return link;
    }

    @Override
    public void stop() {
        link.send(Messages.stop());
    }

    /** Takes a message. */
    void received(ByteBuffer frame) {
        switch (Messages.type(frame)) {
            case Parcel.FIRST, Parcel.MORE -> parcels.frame(frame);
            case Messages.JOINED -> {
                Messages.Presence worker = Messages.Presence.read(frame);
                coordinator.joined(this, worker.worker(), worker.attempt());
            }
            case Messages.LEFT -> {
                Messages.Presence worker = Messages.Presence.read(frame);
                coordinator.left(this, worker.worker(), worker.attempt());
            }
            default -> throw new IllegalStateException("a message of type " + Messages.type(frame));
        }
    }

    @Override
    public List<float[]> begin(int kind, ByteBuffer head, long count) {
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
        coordinator.answered(this, Messages.answer(head, incoming, serializer));
        incoming = null;
    }

    @Override
    public String toString() {
        return "executor " + executor;
    }
}
