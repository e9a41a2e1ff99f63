package dev.backdraft.data;

import java.io.Serializable;

/**
 * How the rows of a training set, in canonical order, are cut for training. It depends on the number of rows and the
 * configuration only, never on the machine or cluster: that is half of the promise of same bits.
 *
 * <p>A step takes {@code B = lanes · leafRows} rows, one <em>leaf</em> from each <em>lane</em>. A lane owns a contiguous run of
 * ranks; its share of the N rows is such that every step takes a whole leaf from every lane, except the last of an epoch, which
 * takes what is left from the first lanes. A lane's ranks are cut into <em>blocks</em> of {@code blockRows} rows, a multiple of
 * {@code leafRows}; the last one may be short. A block is the unit that is stored and moved; a leaf never mixes two blocks.
 *
 * <p>Batch gradient descent is the same layout with B ≥ N: one step, every leaf a block of its own.
 */
public final class BatchLayout implements Serializable {
    private static final long serialVersionUID = 1;

    /** A batch size that no data set reaches: the whole of it. */
    public static final int FULL_BATCH = Integer.MAX_VALUE;

    /** Lanes computed from the batch size. */
    public static final int AUTO_LANES = 0;

    /** Rows that a block of several leaves has at most. */
    public static final int MOST_BLOCK_ROWS = 4096;

    private static final int SMALLEST_LEAF = 48; // smaller matrix products are inefficient
    private static final int LARGEST_LEAF = 256;
    private static final int LARGEST_FULL_LEAF = 1024;

    private final long rows;
    private final int lanes;
    private final int leafRows;
    private final int blockRows;
    private final long steps;
    private final int lastLanes; // lanes that the last step takes rows from
    private final int[] firstBlock; // of each lane, and behind the last

    private BatchLayout(long rows, int lanes, int leafRows, int blockRows) {
        this.rows = rows;
        this.lanes = lanes;
        this.leafRows = leafRows;
        this.blockRows = blockRows;
        long batch = (long) lanes * leafRows;
        steps = (rows + batch - 1) / batch;
        lastLanes = (int) ((rows - (steps - 1) * batch + leafRows - 1) / leafRows);
        firstBlock = new int[lanes + 1];
        for (int lane = 0; lane < lanes; lane++) {
            firstBlock[lane + 1] = Math.toIntExact(firstBlock[lane] + (laneRows(lane) + blockRows - 1) / blockRows);
        }
    }

    /**
     * Cuts this many rows.
     *
     * @param rows N ≥ 1
     * @param batchSize B ≥ 1; N or more ({@link #FULL_BATCH}) means the whole set in every step
     * @param lanes a divisor of B, or {@link #AUTO_LANES}: as many as leave each at least 48 to 256 rows, growing with B
     */
    public static BatchLayout of(long rows, int batchSize, int lanes) {
        if (rows < 1) {
            throw DataException.of(DataException.Reason.NO_ROWS, "no rows to train on");
        }
        if (batchSize < 1 || lanes < 0) {
            throw new IllegalArgumentException("batch size " + batchSize + " and lanes " + lanes + " must be positive");
        }
        if (batchSize >= rows) {
            return full(rows, lanes);
        }
        if (lanes > 0 && batchSize % lanes != 0) {
            throw new IllegalArgumentException(
                    "the number of lanes must divide the batch size: " + lanes + " lanes, batch size " + batchSize);
        }
        int count = lanes > 0 ? lanes : lanesFor(batchSize);
        int leaf = batchSize / count;
        return new BatchLayout(rows, count, leaf, Math.max(1, MOST_BLOCK_ROWS / leaf) * leaf);
    }

    private static BatchLayout full(long rows, int lanes) {
        long leaf = lanes > 0 ? (rows + lanes - 1) / lanes : Math.min(Math.max(rows / 16, 64), LARGEST_FULL_LEAF);
        int leafRows = Math.toIntExact(Math.min(leaf, rows));
        int count = Math.toIntExact((rows + leafRows - 1) / leafRows);
        return new BatchLayout(rows, count, leafRows, leafRows);
    }

    private static int lanesFor(int batchSize) {
        int leaf = Math.min(Math.max(batchSize / 8, SMALLEST_LEAF), LARGEST_LEAF);
        for (int lanes = Math.max(1, batchSize / leaf); lanes > 1; lanes--) {
            if (batchSize % lanes == 0) {
                return lanes;
            }
        }
        return 1;
    }

    public long rows() {
        return rows;
    }

    public int lanes() {
        return lanes;
    }

    /** Rows of a whole leaf. */
    public int leafRows() {
        return leafRows;
    }

    /** Rows of a whole block. */
    public int blockRows() {
        return blockRows;
    }

    /** Steps that take every row once. */
    public long stepsPerEpoch() {
        return steps;
    }

    /** Lanes that have rows in this step of an epoch: the first ones. */
    public int activeLanes(long step) {
        return step < steps - 1 ? lanes : lastLanes;
    }

    /** Number of rows that lanes [from, to) have in this step of an epoch. */
    public long rowsOfStep(long step, int from, int to) {
        long whole = (long) lanes * leafRows;
        long all = step < steps - 1 ? whole : rows - (steps - 1) * whole;
        return Math.min(all, (long) to * leafRows) - Math.min(all, (long) from * leafRows);
    }

    /** Number of rows of a lane. */
    public long laneRows(int lane) {
        long left = rows - (steps - 1) * lanes * leafRows - (long) lane * leafRows; // for the last step
        return (steps - 1) * leafRows + Math.max(0, Math.min(leafRows, left));
    }

    /** Rank of the first row of a lane; the number of rows for {@code lane = lanes}. */
    public long laneStart(int lane) {
        long last = rows - (steps - 1) * lanes * leafRows;
        return lane * (steps - 1) * leafRows + Math.min(last, (long) lane * leafRows);
    }

    /** Number of blocks of all lanes. */
    public int blockCount() {
        return firstBlock[lanes];
    }

    /** The number of a lane's first block; the number of blocks for {@code lane = lanes}. A lane's blocks are numbered on. */
    public int firstBlock(int lane) {
        return firstBlock[lane];
    }

    /** The lane that a block is of. */
    public int laneOfBlock(int block) {
        int low = 0;
        int high = lanes;
        while (high - low > 1) { // firstBlock(low) <= block < firstBlock(high)
            int middle = (low + high) >>> 1;
            if (firstBlock[middle] <= block) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Number of blocks of a lane. */
    public int blocksOf(int lane) {
        return firstBlock[lane + 1] - firstBlock[lane];
    }

    /** Rows of a block of this lane, {@code index} counted from 0 within the lane. */
    public int rowsOfBlock(int lane, int index) {
        return (int) Math.min(blockRows, laneRows(lane) - (long) index * blockRows);
    }

    /** Rank of the first row of a block of this lane. */
    public long blockStart(int lane, int index) {
        return laneStart(lane) + (long) index * blockRows;
    }
}
