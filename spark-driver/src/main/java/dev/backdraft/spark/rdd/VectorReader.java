package dev.backdraft.spark.rdd;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.util.Iterator;
import org.apache.spark.mllib.linalg.Vector;

/** Reads the vectors of a partition as rows without labels. */
final class VectorReader implements ExampleReader {
    private final Iterator<Vector> vectors;
    private final int width;
    private long number;

    /** @param width features of each vector */
    VectorReader(Iterator<Vector> vectors, int width) {
        this.vectors = vectors;
        this.width = width;
    }

    @Override
    public Example read() {
        if (!vectors.hasNext()) {
            return null;
        }
        number++;
        return VectorRows.of(vectors.next(), width, this::where);
    }

    @Override
    public String where() {
        return VectorRows.name(number);
    }

    @Override
    public void close() {
        // nothing to close
    }
}
