package dev.backdraft.spark.demo;

/**
 * The generator MT19937 with the draws of NumPy's legacy {@code numpy.random}: same seed, same numbers. Only for data that is
 * published as "seed s of NumPy"; all else in Backdraft draws from {@code linalg.SplitMix}. Not thread-safe.
 *
 * <p>Source: Matsumoto and Nishimura 1998, "Mersenne twister", with the seeding of 2002; the draws as each method says.
 */
final class MersenneTwister {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;
    private static final long LARGEST_SEED = 0xFFFF_FFFFL;

    private final int[] state = new int[SIZE];
    private int next = SIZE;
    private double spareNormal = Double.NaN;

    /** {@code numpy.random.seed(seed)}, 0 … 2^32 − 1. */
    MersenneTwister(long seed) {
        if (seed < 0 || seed > LARGEST_SEED) {
            throw new IllegalArgumentException("seed " + seed + " is not in 0 … " + LARGEST_SEED);
        }
        state[0] = (int) seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** 32 random bits. */
    int nextInt() {
        if (next == SIZE) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7FFFFFFF);
            state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
        next = 0;
    }

    /** {@code rand()}: uniform in [0, 1), a multiple of 2^−53. */
    double uniform() {
        long high = (long) (nextInt() >>> 5);
        long low = (long) (nextInt() >>> 6);
        return ((high << 26) + low) * 0x1p-53;
    }

    /** {@code randn()}: standard normal, polar method (Marsaglia and Bray 1964); every second call returns a stored value. */
    double normal() {
        if (!Double.isNaN(spareNormal)) {
            double spare = spareNormal;
            spareNormal = Double.NaN;
            return spare;
        }
        double u;
        double v;
        double square;
        do {
            u = 2 * uniform() - 1;
            v = 2 * uniform() - 1;
            square = u * u + v * v;
        } while (square >= 1 || square == 0);
        double scale = Math.sqrt(-2 * StrictMath.log(square) / square); // StrictMath: the same on every machine
        spareNormal = scale * u;
        return scale * v;
    }

    /** {@code randint(0, bound)}: the first draw, cut to as many bits as bound − 1 has, that is below the bound. */
    int below(int bound) {
        if (bound == 1) {
            return 0; // NumPy draws nothing
        }
        int mask = -1 >>> Integer.numberOfLeadingZeros(bound - 1);
        int draw = nextInt() & mask;
        while (draw >= bound) {
            draw = nextInt() & mask;
        }
        return draw;
    }

    /** {@code permutation(n)}: Fisher and Yates from the top. */
    int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = below(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }
}
