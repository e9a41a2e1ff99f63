package dev.backdraft.spark.engine;

import dev.backdraft.data.Block;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.spark.data.BlockReader;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** What is measured of the blocks of one part, each as {@link MetricSums#write} writes it. */
final class ValidationTask extends AbstractFunction2<TaskContext, Iterator<BlockReader>, byte[][]>
        implements Serializable {
    private static final long serialVersionUID = 1;

    private final Broadcast<JobWorkers> workers;
    private final TaskParameters parameters;
    private final long job;

    /** @param job number of the job in the fit */
    ValidationTask(Broadcast<JobWorkers> workers, TaskParameters parameters, long job) {
        this.workers = workers;
        this.parameters = parameters;
        this.job = job;
    }

    @Override
    public byte[][] apply(TaskContext context, Iterator<BlockReader> run) {
        Measures measures = workers.value().measures();
        float[] values = workers.value().parameters(job, parameters);
        List<byte[]> sums = new ArrayList<>();
        Iterator<Block> blocks = run.next().all();
        while (blocks.hasNext()) {
            MetricSums measured = measures.of(blocks.next(), values);
            byte[] bytes = new byte[measured.bytes()];
            measured.write(ByteBuffer.wrap(bytes));
            sums.add(bytes);
        }
        return sums.toArray(byte[][]::new);
    }
}
