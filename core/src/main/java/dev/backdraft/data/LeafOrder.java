package dev.backdraft.data;

import dev.backdraft.linalg.SplitMix;

/**
 * Which rows make the leaf of (epoch, step, lane): sampling without replacement, each row exactly once an epoch. The order of a
 * lane's blocks is drawn from (seed, epoch, lane), that of the rows in a block from (seed, epoch, block); so the answer is a
 * function of its arguments, on whatever machine and in whatever order it is asked.
 *
 * <p>A lane's short block may not divide into whole leaves: its last rows make the lane's last, short leaf. In a layout of one
 * step every leaf is a block in its own order.
 *
 * <p>Scratch, for one thread: the answer to {@link #find} stays until the next.
 */
public final class LeafOrder {
    private static final long BLOCKS = 0x626c6f636b73L; // purposes of the random streams
    private static final long ROWS = 0x726f7773L;
    private static final long DRAWS = 0x6472617773L;

    private final BatchLayout layout;
    private final long seed;
    private final BlockOrder[] blockOrders; // of each lane, in the epoch it is at
    private final RowOrder[] rowOrders; // of each lane, the block it is at; a block serves many steps
    private int[] rowOrder = new int[0];
    private int epoch;
    private int block;
    private long blockStart; // rank of its first row
    private int from;
    private int count;

    public LeafOrder(BatchLayout layout, long seed) {
        this.layout = layout;
        this.seed = seed;
        rowOrders = new RowOrder[layout.lanes()];
        blockOrders = new BlockOrder[layout.lanes()];
    }

    /** The order of a lane's blocks in an epoch. */
    private static final class BlockOrder {
        private int epoch = -1;
        private final int[] blocks;

        BlockOrder(int count) {
            blocks = new int[count];
        }
    }

    /** The order of the rows of a block in an epoch. */
    private static final class RowOrder {
        private int epoch = -1;
        private int block;
        private int[] rows = {};
    }

    /** Finds the leaf of a lane that is active in this step of an epoch. */
    public void find(int inEpoch, long step, int lane) {
        findLeaf(inEpoch, step, lane);
        epoch = inEpoch;
        blockStart = layout.blockStart(lane, block - layout.firstBlock(lane));
    }

    private void findLeaf(int inEpoch, long step, int lane) {
        int blocks = layout.blocksOf(lane);
        int leaf = layout.leafRows();
        if (layout.stepsPerEpoch() == 1) {
            set(layout.firstBlock(lane), 0, layout.rowsOfBlock(lane, 0));
            return;
        }
        int lastRows = layout.rowsOfBlock(lane, blocks - 1);
        int leavesOfLast = lastRows / leaf;
        int leavesOfBlock = layout.blockRows() / leaf;
        if (step == (long) (blocks - 1) * leavesOfBlock + leavesOfLast) { // the short leaf
            set(layout.firstBlock(lane) + blocks - 1, leavesOfLast * leaf, lastRows - leavesOfLast * leaf);
        } else {
            findWhole(inEpoch, step, lane, leavesOfBlock, leavesOfLast);
        }
        orderRows(inEpoch, lane, block - layout.firstBlock(lane) == blocks - 1 ? lastRows : layout.blockRows());
    }

    private void findWhole(int inEpoch, long step, int lane, int leavesOfBlock, int leavesOfLast) {
        int blocks = layout.blocksOf(lane);
        BlockOrder order = blockOrders[lane];
        if (order == null) {
            order = new BlockOrder(blocks);
            blockOrders[lane] = order;
        }
        if (order.epoch != inEpoch) {
            SplitMix.at(seed, BLOCKS, inEpoch, lane).permutation(order.blocks);
            order.epoch = inEpoch;
        }
        long before = 0;
        for (int index : order.blocks) {
            int leaves = index == blocks - 1 ? leavesOfLast : leavesOfBlock;
            if (step < before + leaves) {
                set(layout.firstBlock(lane) + index, (int) (step - before) * layout.leafRows(), layout.leafRows());
                return;
            }
            before += leaves;
        }
        throw new IllegalArgumentException("lane " + lane + " has no leaf in step " + step);
    }

    private void set(int leafBlock, int leafFrom, int leafCount) {
        block = leafBlock;
        from = leafFrom;
        count = leafCount;
    }

    private void orderRows(int inEpoch, int lane, int rows) {
        RowOrder known = rowOrders[lane];
        if (known == null) {
            known = new RowOrder();
            rowOrders[lane] = known;
        }
        if (known.epoch != inEpoch || known.block != block) {
            if (known.rows.length < rows) {
                known.rows = new int[layout.blockRows()];
            }
            SplitMix.at(seed, ROWS, inEpoch, block).permutation(known.rows, rows);
            known.epoch = inEpoch;
            known.block = block;
        }
        rowOrder = known.rows;
    }

    /** The number of the block that the leaf is of. */
    public int block() {
        return block;
    }

    /** The address of the random numbers of a row in this epoch, by its rank. */
    public long stream(int rowOfBlock) {
        return SplitMix.address(seed, DRAWS, epoch, blockStart + rowOfBlock);
    }

    /** Number of rows of the leaf. */
    public int count() {
        return count;
    }

    /** Whether the leaf is a whole block in its own order. */
    public boolean isWholeBlock() {
        return layout.stepsPerEpoch() == 1;
    }

    /** Position within the block of the leaf's i-th row; not for a {@linkplain #isWholeBlock whole block}. */
    public int row(int i) {
        return rowOrder[from + i];
    }
}
