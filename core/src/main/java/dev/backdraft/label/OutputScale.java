package dev.backdraft.label;

import dev.backdraft.data.Standardizer;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import java.util.Arrays;

/** From the scale of a label to that of the outputs that predict it. */
public final class OutputScale {
    private OutputScale() {}

    /**
     * The scale of the outputs: that of the labels, one for each output, or of the one label for all outputs that
     * describe it. A deviation is scaled, but not shifted.
     *
     * @param labels their scale; null when they are not scaled
     */
    public static Standardizer of(Standardizer labels, Loss loss) {
        if (labels == null || !(loss instanceof DistributionLoss distribution)) {
            return labels;
        }
        int outputs = distribution.outputs();
        double[] mean = new double[outputs];
        double[] deviation = new double[outputs];
        int[] centered = new int[outputs];
        int count = 0;
        for (int k = 0; k < outputs; k++) {
            boolean shifted = !distribution.isDeviation(k);
            mean[k] = shifted ? labels.mean()[0] : 0;
            deviation[k] = labels.deviation()[0];
            if (shifted && labels.centersAny()) {
                centered[count++] = k;
            }
        }
        return new Standardizer(mean, deviation, Arrays.copyOf(centered, count));
    }
}
