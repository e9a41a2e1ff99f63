package dev.backdraft.optim;

/**
 * A line search for the strong Wolfe conditions as a machine that asks and is told: it wants φ and φ' at one step after the other,
 * φ(α) = f(x + α p), until
 *
 * <pre>{@code φ(α) ≤ φ(0) + c₁ α φ'(0)   and   |φ'(α)| ≤ c₂ |φ'(0)|}</pre>
 *
 * <p>Nocedal and Wright 2006, algorithms 3.5 (bracketing) and 3.6 (zoom), with cubic interpolation (eq. 3.59) kept away from the ends of
 * the interval. A step where φ or φ' is not finite counts as one that is too high. Its memory is the first {@link #NUMBERS} entries
 * of an array that the caller keeps, so it can be saved between any two questions.
 *
 * @param decrease c₁
 * @param curvature c₂
 * @param maxTrials steps tried before it gives up
 */
record WolfeSearch(double decrease, double curvature, int maxTrials) {
    /** The outcome of a trial. */
    enum Verdict {
        /** Tell me of the next {@link #trial}. */
        GO_ON,
        /** The trial fulfils both conditions. */
        ACCEPTED,
        /** Too many trials; {@link #bestStep} is the best of them. */
        GIVEN_UP
    }

    /** Entries of the memory. */
    static final int NUMBERS = 11;

    private static final int ZOOMING = 0; // 0 while bracketing, then 1
    private static final int TRIALS = 1;
    private static final int TRIAL = 2;
    private static final int VALUE = 3; // φ(0)
    private static final int SLOPE = 4; // φ'(0)
    private static final int LOW = 5; // the best step so far, its φ and φ'
    private static final int HIGH = 8; // the other end, its φ and φ'; while bracketing the low one before
    private static final int END = 3; // entries of an end

    private static final double MARGIN = 0.1; // of the interval: how near its ends a trial may come
    private static final double LARGEST_GROWTH = 10; // of the step while bracketing

    /**
     * Begins a search.
     *
     * @param memory overwritten
     * @param value φ(0)
     * @param slope φ'(0), negative
     * @param firstStep the first trial, positive
     */
    void begin(double[] memory, double value, double slope, double firstStep) {
        memory[ZOOMING] = 0;
        memory[TRIALS] = 0;
        memory[TRIAL] = firstStep;
        memory[VALUE] = value;
        memory[SLOPE] = slope;
        setEnd(memory, LOW, 0, value, slope);
        setEnd(memory, HIGH, 0, value, slope);
    }

    /** The step α that φ is wanted at. */
    static double trial(double[] memory) {
        return memory[TRIAL];
    }

    /** The best step that has fulfilled the first condition, 0 if none did. */
    static double bestStep(double[] memory) {
        return memory[LOW];
    }

    /** φ(0). */
    static double startValue(double[] memory) {
        return memory[VALUE];
    }

    /**
     * Takes what was asked for.
     *
     * @param memory changed
     * @param value φ at the trial
     * @param slope φ' at the trial
     */
    Verdict tell(double[] memory, double value, double slope) {
        double step = memory[TRIAL];
        memory[TRIALS]++;
        boolean finite = Double.isFinite(value) && Double.isFinite(slope);
        boolean decreases = finite
                && value < memory[VALUE] // follows from the next line but for rounding
                && value <= memory[VALUE] + decrease * step * memory[SLOPE];
        if (decreases && Math.abs(slope) <= -curvature * memory[SLOPE]) {
            return Verdict.ACCEPTED;
        }
        boolean better = decreases && value < memory[LOW + 1];
        if (better) {
            boolean zooming = memory[ZOOMING] == 1;
            boolean rising = zooming ? slope * (memory[HIGH] - memory[LOW]) >= 0 : slope >= 0;
            if (rising || !zooming) {
                System.arraycopy(memory, LOW, memory, HIGH, END);
            }
            setEnd(memory, LOW, step, value, slope);
            memory[ZOOMING] = zooming || rising ? 1 : 0;
        } else {
            setEnd(memory, HIGH, step, finite ? value : Double.POSITIVE_INFINITY, finite ? slope : 0);
            memory[ZOOMING] = 1;
        }
        if (memory[TRIALS] >= maxTrials) {
            return Verdict.GIVEN_UP;
        }
        memory[TRIAL] = memory[ZOOMING] == 1 ? inside(memory) : beyond(memory);
        return Verdict.GO_ON;
    }

    private static void setEnd(double[] memory, int end, double step, double value, double slope) {
        memory[end] = step;
        memory[end + 1] = value;
        memory[end + 2] = slope;
    }

    /** The next trial between the ends. */
    private static double inside(double[] memory) {
        double low = memory[LOW];
        double width = memory[HIGH] - low;
        double share = (cubicMinimum(memory) - low) / width;
        return low + width * (Double.isNaN(share) ? 0.5 : Math.max(MARGIN, Math.min(1 - MARGIN, share)));
    }

    /** The next trial beyond the low end, where the loss still falls. */
    private static double beyond(double[] memory) {
        double low = memory[LOW];
        double nearest = low + MARGIN * (low - memory[HIGH]);
        double farthest = LARGEST_GROWTH * low;
        double wanted = cubicMinimum(memory);
        return wanted > low ? Math.max(nearest, Math.min(farthest, wanted)) : farthest;
    }

    /** Where the cubic through both ends has its minimum; NaN where it has none. */
    private static double cubicMinimum(double[] memory) {
        double a = memory[HIGH];
        double b = memory[LOW];
        double slopeA = memory[HIGH + 2];
        double slopeB = memory[LOW + 2];
        double d1 = slopeA + slopeB - 3 * (memory[HIGH + 1] - memory[LOW + 1]) / (a - b);
        double d2 = Math.signum(b - a) * Math.sqrt(d1 * d1 - slopeA * slopeB);
        double minimum = b - (b - a) * (slopeB + d2 - d1) / (slopeB - slopeA + 2 * d2);
        return Double.isFinite(minimum) ? minimum : Double.NaN;
    }
}
