package dev.backdraft.linalg;

/**
 * Random numbers that are <em>addressed</em>, not consumed: {@link #at} gives the stream that belongs to an address such as
 * (seed, purpose, epoch, block), the same on every machine and whatever was drawn elsewhere. Not thread-safe; make one where
 * it is used.
 *
 * <p>Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", with the finaliser of variant 13
 * of Stafford. The JDK's generators are not used because their derived draws (Gaussian, bounded) may change from one release
 * to the next, and the same seed must give the same weights on all of them.
 */
public final class SplitMix {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private SplitMix(long state) {
        this.state = state;
    }

    /** The stream at an address. Addresses that differ in any part give unrelated streams. */
    public static SplitMix at(long seed, long purpose, long a, long b) {
        return new SplitMix(address(seed, purpose, a, b));
    }

    /** Where the stream {@link #at} an address starts: 64 bits that stand for it. */
    public static long address(long seed, long purpose, long a, long b) {
        long h = mix(seed + GOLDEN);
        h = mix((h ^ purpose) + GOLDEN);
        h = mix((h ^ a) + GOLDEN);
        return mix((h ^ b) + GOLDEN);
    }

    /** A bijection of the 64-bit numbers in which every input bit changes every output bit with probability about one half. */
    public static long mix(long z) {
        long x = z;
        x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }

    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform in [0, 1), 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in 0 … bound − 1 (multiply-shift, Lemire 2019, with rejection: no bias). */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive: " + bound);
        }
        long threshold = (1L << 32) % bound;
        while (true) {
            long product = (nextLong() >>> 32) * bound;
            if ((product & 0xFFFFFFFFL) >= threshold) {
                return (int) (product >>> 32);
            }
        }
    }

    /** Standard normal (polar method, Marsaglia and Bray 1964; the second value is dropped so that draws stay addressable). */
    public double nextGaussian() {
        while (true) {
            double u = 2 * nextDouble() - 1;
            double v = 2 * nextDouble() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) {
                return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
            }
        }
    }

    /** Overwrites the array with a random order of 0 … length − 1. */
    public void permutation(int[] order) {
        permutation(order, order.length);
    }

    /** Overwrites the first entries with a random order of 0 … count − 1 (Fisher and Yates, Durstenfeld 1964). */
    public void permutation(int[] order, int count) {
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int i = count - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
