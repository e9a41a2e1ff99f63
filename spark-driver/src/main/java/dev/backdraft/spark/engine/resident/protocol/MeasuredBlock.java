package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.train.Validation;
import java.io.Serializable;

/** What was measured of one validation block. A class, not a record: Spark's Kryo cannot serialize records. */
public final class MeasuredBlock implements Serializable {
    private static final long serialVersionUID = 1;

    private final int block;
    private final Validation validation;

    public MeasuredBlock(int block, Validation validation) {
        this.block = block;
        this.validation = validation;
    }

    /** The block's number: sums are added in the order of these. */
    public int block() {
        return block;
    }

    public Validation validation() {
        return validation;
    }
}
