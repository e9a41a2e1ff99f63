package dev.backdraft.train.engine;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks for an entry of the mean gradient that is not finite, in the pass over memory that updates make anyway. */
final class FiniteGradient implements UpdateStage {
    private static final int NONE = Integer.MAX_VALUE;
    private static final int CHAINS = 512; // of additions

    private final AtomicInteger first = new AtomicInteger(NONE);
    private final ThreadLocal<Scratch> scratches = ThreadLocal.withInitial(Scratch::new);

    /**
     * Arrays of one thread: a just-in-time compiler makes vectors of loops over whole arrays only, where it sees that they
     * do not overlap.
     */
    private static final class Scratch {
        private final float[] block = new float[CHAINS];
        private final float[] sums = new float[CHAINS];

        /** As {@link Divergence#isFinite(float[], int, int)}. */
        boolean isFinite(float[] vector, int from, int to) {
            Arrays.fill(sums, 0);
            int start = from;
            for (; start + CHAINS <= to; start += CHAINS) {
                System.arraycopy(vector, start, block, 0, CHAINS);
                add(block, sums);
            }
            return Divergence.isFinite(sums, 0, CHAINS) && Divergence.isFinite(vector, start, to);
        }

        private static void add(float[] block, float[] sums) {
            for (int i = 0; i < CHAINS; i++) {
                sums[i] += block[i] * 0;
            }
        }
    }

    @Override
    public boolean worksOnRanges() {
        return true;
    }

    @Override
    public void begin(UpdateNumbers numbers) {
        first.set(NONE);
    }

    @Override
    public void run(UpdateNumbers numbers, int from, int to) {
        float[] gradient = numbers.gradient();
        if (scratches.get().isFinite(gradient, from, to)) {
            return;
        }
        int at = from;
        while (Float.isFinite(gradient[at])) {
            at++;
        }
        first.accumulateAndGet(at, Math::min);
    }

    /** The first entry of the last gradient that was not finite; negative when all were. */
    int firstOther() {
        int found = first.get();
        return found == NONE ? -1 : found;
    }
}
