package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.engine.wire.Neighbours;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.engine.wire.ParcelReader;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.nio.ByteBuffer;

/** An executor, as the driver sees it: a connection, and the answer that is coming in. Its messages come on one thread. */
final class RemoteMember implements Member {
    private final String executor;
    private final Endpoint endpoint;
    private final Link link;
    private final Coordinator coordinator;
    private final Neighbours neighbours;
    private final ParcelReader parcels;

    /** @param endpoint where it takes connections of other executors */
    RemoteMember(
            String executor,
            Endpoint endpoint,
            Link link,
            Coordinator coordinator,
            SumPool pool,
            Neighbours neighbours) {
        this.executor = executor;
        this.endpoint = endpoint;
        this.link = link;
        this.coordinator = coordinator;
        this.neighbours = neighbours;
        parcels = new ParcelReader(new AnswerReader(
                pool, answer -> coordinator.answered(this, answer), ask -> coordinator.missed(this, ask)));
    }

    String executor() {
        return executor;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public Link link() {
        return link;
    }

    @Override
    public void stop() {
        link.send(Messages.stop());
    }

    /** Takes a message. */
    void received(ByteBuffer frame) {
        if (Parcel.isPart(frame)) {
            parcels.frame(frame);
        } else if (!neighbours.received(link, frame, parcels)) {
            message(frame);
        }
    }

    private void message(ByteBuffer frame) {
        switch (Parcel.type(frame)) {
            case Messages.JOINED -> {
                Messages.Presence worker = Messages.Presence.read(frame);
                coordinator.joined(this, worker.worker(), worker.attempt());
            }
            case Messages.LEFT -> {
                Messages.Presence worker = Messages.Presence.read(frame);
                coordinator.left(this, worker.worker(), worker.attempt());
            }
            case Messages.BROKEN -> coordinator.broken(this, Messages.aboutAsk(frame));
            case Messages.MISSED -> coordinator.missed(this, Messages.aboutAsk(frame));
            default -> throw new IllegalStateException("a message of type " + Parcel.type(frame));
        }
    }

    /** The connection is lost. */
    void closed() {
        neighbours.forget(link);
        parcels.close();
    }

    @Override
    public String toString() {
        return "executor " + executor;
    }
}
