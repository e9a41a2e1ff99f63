package dev.backdraft.spark.rdd;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.util.Iterator;
import org.apache.spark.mllib.regression.LabeledPoint;

/** Reads the points of a partition as rows of weight 1. */
final class LabeledPointReader implements ExampleReader {
    private final Iterator<LabeledPoint> points;
    private final int width;
    private long number;

    /** @param width features of each point */
    LabeledPointReader(Iterator<LabeledPoint> points, int width) {
        this.points = points;
        this.width = width;
    }

    @Override
    public Example read() {
        if (!points.hasNext()) {
            return null;
        }
        number++;
        LabeledPoint point = points.next();
        if (point == null || point.features() == null) {
            throw new DataException(
                    "%s: the %s null: leave it out", where(), point == null ? "point is" : "features are");
        }
        if (!Float.isFinite((float) point.label())) {
            throw new DataException("%s: the label is %s, not a finite number", where(), point.label());
        }
        return VectorRows.of(point.features(), width, this::where).withLabel(point.label());
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
