package dev.backdraft.spark.score;

import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.model.Model;
import dev.backdraft.model.ScoredBatches;
import dev.backdraft.spark.data.Cancellation;
import dev.backdraft.spark.data.ExampleRdd;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * A text for each row of a data set that is spread over a cluster: executors score their parts and keep the texts, in memory or on
 * disk, until the driver has taken them, part by part in order. Close it to free them.
 */
public final class SparkPredictions implements AutoCloseable {
    /** Rows of a batch, at most; a command that works without Spark takes as many. */
    public static final int BATCH_ROWS = 1024;

    private final Broadcast<SharedModel> shared;
    private final JavaRDD<Part> parts;
    private final SkippedRows skipped = new SkippedRows();
    private long rows;

    /** Writes what is predicted of a batch. */
    @FunctionalInterface
    public interface Writer extends Serializable {
        /** The lines of the rows of a batch, each with its end. */
        String lines(Model model, ScoredBatches batch);
    }

    private SparkPredictions(Broadcast<SharedModel> shared, JavaRDD<Part> parts) {
        this.shared = shared;
        this.parts = parts;
    }

    /**
     * Scores all rows.
     *
     * @throws DataException when a row does not fit the model, of the first part that has one
     */
    public static SparkPredictions of(JavaSparkContext spark, Model model, ExampleRdd rows, Writer writer) {
        Broadcast<SharedModel> shared = SharedModel.broadcast(spark.sc(), model);
        JavaRDD<Part> parts = rows.mapParts(reader ->
                new Parts(new ScoredBatches(shared.value().model(), BATCH_ROWS, reader), reader, writer, shared));
        SparkPredictions predictions = new SparkPredictions(shared, parts.persist(StorageLevel.MEMORY_AND_DISK_SER()));
        try {
            List<Part> ends = Cancellation.ofJobs(
                    spark.sc(), () -> predictions.parts.filter(Part::isEnd).collect());
            for (Part end : ends) {
                if (end.problem != null) {
                    throw end.problem;
                }
                predictions.rows += end.rows;
                predictions.skipped.add(end.skipped);
            }
            return predictions;
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            predictions.close();
            throw e;
        }
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /** The rows that were skipped for an invalid value. */
    public SkippedRows skipped() {
        return skipped;
    }

    /** Lines of batches, in the order of the rows. */
    public Iterator<String> lines() {
        return parts.filter(part -> !part.isEnd()).map(part -> part.lines).toLocalIterator();
    }

    @Override
    public void close() {
        Cancellation.shield(parts::unpersist);
        Cancellation.shield(shared::destroy);
    }

    /** The lines of a batch, or the end of a part. */
    private static final class Part implements Serializable {
        private static final long serialVersionUID = 1;

        private final String lines; // null at the end
        private final long rows;
        private final SkippedRows skipped;
        private final DataException problem; // what ended the part early, or null

        Part(String lines, long rows, SkippedRows skipped, DataException problem) {
            this.lines = lines;
            this.rows = rows;
            this.skipped = skipped;
            this.problem = problem;
        }

        boolean isEnd() {
            return lines == null;
        }
    }

    /** The batches of a part, and its end. */
    private static final class Parts implements Iterator<Part> {
        private final ScoredBatches batches;
        private final ExampleReader reader;
        private final Writer writer;
        private final Broadcast<SharedModel> shared;
        private long rows;
        private boolean ended;

        Parts(ScoredBatches batches, ExampleReader reader, Writer writer, Broadcast<SharedModel> shared) {
            this.batches = batches;
            this.reader = reader;
            this.writer = writer;
            this.shared = shared;
        }

        @Override
        public boolean hasNext() {
            return !ended;
        }

        @Override
        public Part next() {
            if (ended) {
                throw new NoSuchElementException();
            }
            try {
                if (batches.next()) {
                    return new Part(lines(), 0, null, null);
                }
                return end(null);
            } catch (DataException e) {
                return end(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Part end(DataException problem) {
            ended = true;
            SkippedRows skipped = reader.skipped();
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Part(null, rows, skipped, problem);
        }

        private String lines() {
            rows += batches.rows().size();
            return writer.lines(shared.value().model(), batches);
        }
    }
}
