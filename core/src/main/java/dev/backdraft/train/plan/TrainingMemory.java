package dev.backdraft.train.plan;

import dev.backdraft.data.Example;
import dev.backdraft.layer.Layer;
import dev.backdraft.network.Network;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import java.util.List;

/** Bytes that the parts of a training take, computed from its configuration before anything is allocated. */
public final class TrainingMemory {
    private static final int ARRAY = 16; // header
    private static final int AVERAGE = 3; // vectors: it is in double, and measured as floats
    private static final int EXAMPLE = 48; // object and its place in a list
    private static final int SORTED = 96; // a row's key, while rows are put into their order

    private TrainingMemory() {}

    /** A flat vector of the network: parameters, a gradient, a slot of the optimizer. */
    public static long vector(Network network) {
        return (long) Float.BYTES * network.length();
    }

    /**
     * What the process that trains keeps besides sums of gradients: parameters, which become the model, the optimizer's
     * slots, averaged and best weights, the point that a rule looks ahead to, and a sum over several steps.
     */
    public static long state(Network network, TrainingConfig config) {
        int vectors = 1 + config.optimizer().initialState(1).slotCount();
        vectors += config.averaging() == null ? 0 : AVERAGE;
        vectors += config.earlyStopping() == null ? 0 : 1;
        vectors *= config.onDivergence() == OnDivergence.ROLLBACK ? 2 : 1; // one to go back to
        vectors += config.optimizer().looksAhead() ? 1 : 0;
        boolean several = config.accumulation() > 1
                || config.batchGrowth() != null
                || config.optimizer().searchesLine();
        vectors += several ? 1 : 0;
        return vectors * vector(network);
    }

    /**
     * What one worker keeps: a leaf, the outputs of all layers for it, two gradients of outputs, and the partial sums of a run of
     * lanes, at most one for each level of its tree.
     *
     * @param lanes that one worker takes of a step
     */
    public static long worker(Network network, int leafRows, int lanes) {
        long floats = (long) network.inputSize() * leafRows; // the leaf
        long widest = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            floats += (long) layer.outputSize() * leafRows + layer.scratchSize(leafRows);
            floats += network.inputs().get(i).size() > 1 ? (long) layer.inputSize() * leafRows : 0;
            boolean first = network.inputs().get(i).equals(List.of(Network.INPUT));
            widest = Math.max(widest, first ? layer.outputSize() : Math.max(layer.inputSize(), layer.outputSize()));
        }
        floats += 2 * widest * leafRows;
        int levels = lanes < 2 ? 1 : 33 - Integer.numberOfLeadingZeros(lanes - 1);
        return Float.BYTES * floats + levels * vector(network);
    }

    /** Dense rows as a training keeps them, with labels (so many a row) and weights. */
    public static long blocks(long rows, int featureCount, int labelCount) {
        return rows * Float.BYTES * (featureCount + labelCount + 1L);
    }

    /**
     * Rows as a training keeps them: dense, unless all are sparse and stay so.
     *
     * @param scaled whether features are standardized, which makes them dense
     */
    public static long blocks(List<Example> rows, int featureCount, boolean scaled) {
        long sparse = 0;
        for (Example row : rows) {
            if (scaled || !row.isSparse()) {
                return blocks(rows.size(), featureCount, row.labelCount());
            }
            sparse += Float.BYTES * (2L * row.values().length + row.labelCount() + 2);
        }
        return sparse;
    }

    /** A row as it is read. */
    static long row(Example row) {
        long values = ARRAY + (long) Float.BYTES * row.values().length;
        long labels = row.labels() == null ? 0 : ARRAY + (long) Float.BYTES * row.labelCount();
        return EXAMPLE + labels + (row.isSparse() ? 2 * values : values);
    }

    /** What the doubles of a row take that floats could not hold. */
    static long doubles(Example row) {
        return row.doubles() == null ? 0 : ARRAY + (long) Double.BYTES * row.doubles().length;
    }

    /** What becomes of a row when it is read: itself, its key, its place in a block. */
    static long reading(Example row) {
        long entries = row.isSparse() ? 2L * row.values().length + 1 : row.values().length;
        long stored = Float.BYTES * (entries + row.labelCount() + 1);
        return row(row) + EXAMPLE + SORTED + stored;
    }
}
