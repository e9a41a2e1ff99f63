package dev.backdraft.spark.data;

import dev.backdraft.data.RowKey;
import org.apache.spark.Partitioner;

/** Cuts all keys into equal ranges: the keys are uniform, so the partitions are about equal without sampling. */
final class KeyRanges extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int parts;

    KeyRanges(int parts) {
        this.parts = parts;
    }

    @Override
    public int numPartitions() {
        return parts;
    }

    @Override
    public int getPartition(Object key) {
        return ((RowKey) key).range(parts);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof KeyRanges other && other.parts == parts;
    }

    @Override
    public int hashCode() {
        return parts;
    }
}
