package dev.backdraft.layer;

import dev.backdraft.initializer.FanInUniform;
import dev.backdraft.initializer.Normal;
import dev.backdraft.initializer.Uniform;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Learned waves of each number, mixed into a vector that stands for it: each input has frequencies c, a matrix W and a
 * bias b of its own, and PBLD phases φ. Gorishniy, Rubachev and Babenko 2022, "On embeddings for numerical features";
 * PBLD is the form of RealMLP (Holzmüller, Grinsztajn and Steinwart 2024). y has the vectors one after the other.
 *
 * <p>In the flat vector: c [frequencies · inputSize], of PBLD then φ [frequencies · inputSize], W [units · inputSize ×
 * waves], b [units · inputSize], the rows of one input one after the other. A vector has embeddingSize units, of PBLD
 * one less, as its first entry is x; there are 2 · frequencies waves, first the sines, then the cosines, of PBLD as
 * many as frequencies. At the start, c is normal, φ uniform in ±π, and W and b uniform in ±1/√waves, as in the authors'
 * programs. Penalties and weight decay leave c and φ alone.
 *
 * @param frequencies of each input
 * @param embeddingSize length of the vector of an input; at least 2 for PBLD
 * @param deviation σ of the frequencies at the start: the most important setting. Inputs are best standardized
 */
public record PeriodicEmbedding(int inputSize, PeriodicForm form, int frequencies, int embeddingSize, double deviation)
        implements Layer {
    public PeriodicEmbedding {
        LayerSize.positive(inputSize);
        Objects.requireNonNull(form, "form");
        Require.atLeast(1, "the number of frequencies", frequencies);
        Require.atLeast(form == PeriodicForm.PBLD ? 2 : 1, "the embedding size of a periodic embedding", embeddingSize);
        Require.positive("the deviation of frequencies", deviation);
        double parameters = (2.0 + 2.0 * embeddingSize) * frequencies * inputSize + (double) embeddingSize * inputSize;
        Require.fitsArray("a periodic embedding", "parameters", (long) parameters);
    }

    /** One input, PBLD with 16 frequencies of deviation 0.1 and vectors of 4, as in RealMLP. */
    public PeriodicEmbedding() {
        this(1, PeriodicForm.PBLD, 16, 4, 0.1);
    }

    @Override
    public String name() {
        return "periodic-embedding";
    }

    @Override
    public int outputSize() {
        return inputSize * embeddingSize;
    }

    private boolean isDense() {
        return form == PeriodicForm.PBLD;
    }

    /** Of each input, rows of W. */
    private int units() {
        return isDense() ? embeddingSize - 1 : embeddingSize;
    }

    private int waves() {
        return isDense() ? frequencies : 2 * frequencies;
    }

    /** Where W starts in the slice. */
    private int weightsAt() {
        return (isDense() ? 2 : 1) * frequencies * inputSize;
    }

    private int biasesAt() {
        return weightsAt() + units() * inputSize * waves();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.bias("frequency", frequencies * inputSize));
        if (isDense()) {
            parameters.add(Parameter.bias("phase", frequencies * inputSize));
        }
        parameters.add(Parameter.weight("weight", units() * inputSize, waves()));
        parameters.add(Parameter.bias("bias", units() * inputSize));
        return parameters;
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        int count = frequencies * inputSize;
        new Normal(0, deviation).fill(random, parameters.matrix(0, count, 1));
        if (isDense()) {
            new Uniform(-Math.PI, Math.PI).fill(random, parameters.matrix(count, count, 1));
        }
        new FanInUniform().fill(random, parameters.matrix(weightsAt(), units() * inputSize, waves()));
        double bound = Math.sqrt(1.0 / waves());
        new Uniform(-bound, bound).fill(random, parameters.matrix(biasesAt(), units() * inputSize, 1));
    }

    /** The waves, for each row and input, and the gradient of the units of one of them. */
    @Override
    public int scratchSize(int rows) {
        return Math.addExact(Math.multiplyExact(Math.multiplyExact(waves(), inputSize), rows), embeddingSize);
    }

    /** 2πcx + φ. */
    private double angle(float[] parameters, int frequency, double x) {
        double angle = 2 * Math.PI * parameters[frequency] * x;
        return isDense() ? angle + parameters[frequency + frequencies * inputSize] : angle;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] p = parameters.values();
        float[] waves = pass.scratch();
        for (int i = 0; i < x.size(); i++) { // every input of every row
            int column = i % inputSize;
            double input = x.values()[x.offset() + i];
            int at = i * waves();
            int frequency = parameters.offset() + column * frequencies;
            for (int k = 0; k < frequencies; k++) {
                double angle = angle(p, frequency + k, input);
                if (isDense()) {
                    waves[at + k] = (float) StrictMath.cos(angle);
                } else {
                    waves[at + k] = (float) StrictMath.sin(angle);
                    waves[at + frequencies + k] = (float) StrictMath.cos(angle);
                }
            }
            int to = y.offset() + i * embeddingSize;
            if (isDense()) {
                y.values()[to++] = (float) input;
            }
            mix(parameters, column, waves, at, y.values(), to);
        }
    }

    /** Overwrites the units of one input of one row, y = W waves + b. */
    private void mix(Slice parameters, int column, float[] waves, int at, float[] y, int to) {
        float[] p = parameters.values();
        int units = units();
        int first = column * units;
        System.arraycopy(p, parameters.offset() + biasesAt() + first, y, to, units);
        int w = parameters.offset() + weightsAt() + first;
        for (int k = 0; k < waves(); k++) {
            float wave = waves[at + k];
            for (int u = 0; u < units; u++) {
                y[to + u] += p[w + u] * wave;
            }
            w += units * inputSize;
        }
        if (form == PeriodicForm.PLR) {
            for (int u = 0; u < units; u++) {
                y[to + u] = Math.max(0, y[to + u]);
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] dUnits = pass.scratch();
        int to = waves() * x.size();
        int skipped = embeddingSize - units();
        for (int i = 0; i < x.size(); i++) {
            int from = dy.offset() + i * embeddingSize;
            System.arraycopy(dy.values(), from + skipped, dUnits, to, units());
            if (form == PeriodicForm.PLR) {
                int at = y.offset() + i * embeddingSize;
                for (int u = 0; u < embeddingSize; u++) {
                    dUnits[to + u] = y.values()[at + u] > 0 ? dUnits[to + u] : 0;
                }
            }
            double sum = backward(parameters, x, i, dUnits, to, dParameters, pass);
            if (dx != null) {
                dx.values()[dx.offset() + i] = (float) (isDense() ? sum + dy.values()[from] : sum);
            }
        }
    }

    /**
     * Of one input of one row: adds the gradient of the parameters, and returns that of the input by way of the waves.
     */
    private double backward(Slice parameters, Matrix x, int i, float[] dy, int from, Slice dParameters, Pass pass) {
        float[] p = parameters.values();
        float[] d = dParameters.values();
        int units = units();
        int column = i % inputSize;
        double input = x.values()[x.offset() + i];
        for (int u = 0; u < units; u++) {
            d[dParameters.offset() + biasesAt() + column * units + u] += dy[from + u];
        }
        double dInput = 0;
        for (int k = 0; k < frequencies; k++) {
            int frequency = column * frequencies + k;
            int wave = i * waves() + k;
            double dAngle;
            if (isDense()) {
                double sine = StrictMath.sin(angle(p, parameters.offset() + frequency, input));
                dAngle = -sine * dWave(parameters, column, k, pass.scratch()[wave], dy, from, dParameters);
                d[dParameters.offset() + frequencies * inputSize + frequency] += (float) dAngle;
            } else {
                float sine = pass.scratch()[wave];
                float cosine = pass.scratch()[wave + frequencies];
                dAngle = cosine * dWave(parameters, column, k, sine, dy, from, dParameters)
                        - sine * dWave(parameters, column, frequencies + k, cosine, dy, from, dParameters);
            }
            d[dParameters.offset() + frequency] += (float) (2 * Math.PI * input * dAngle);
            dInput += 2 * Math.PI * p[parameters.offset() + frequency] * dAngle;
        }
        return dInput;
    }

    /** Adds the gradient of the weights of a wave, and returns that of the wave. */
    private double dWave(Slice parameters, int column, int k, float wave, float[] dy, int from, Slice dParameters) {
        int units = units();
        int at = weightsAt() + k * units * inputSize + column * units;
        double sum = 0;
        for (int u = 0; u < units; u++) {
            dParameters.values()[dParameters.offset() + at + u] += wave * dy[from + u];
            sum += (double) parameters.values()[parameters.offset() + at + u] * dy[from + u];
        }
        return sum;
    }
}
