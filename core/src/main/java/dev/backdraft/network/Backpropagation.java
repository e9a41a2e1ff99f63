package dev.backdraft.network;

import dev.backdraft.layer.Layer;
import dev.backdraft.layer.LookupLayer;
import dev.backdraft.layer.Pass;
import dev.backdraft.layer.SparseLayer;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Columns;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SparseMatrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.tensor.Parameter;
import java.util.Arrays;
import java.util.List;

/**
 * The forward and backward pass of a network on one thread: scratch space, sized once for the largest batch. Rumelhart, Hinton
 * and Williams 1986; the notation of Goodfellow et al. 2016, algorithm 6.4.
 *
 * <p>{@code parameters} is always the whole flat vector of the network, statistics included, and is read. Not thread-safe: one
 * for each thread.
 */
public final class Backpropagation {
    private static final float MOST_STORED = 0.1f; // a dense product makes up for more zeros by its speed
    private final Network network;
    private final Loss loss;
    private final int maxRows;
    private final int inputSize;
    private final FlatLayout layout;
    private final float[][] outputs; // of each layer, [outputSize × maxRows]
    private final float[][] stacks; // the input of each layer that takes several; else null
    private final Pass[] passes;
    private final Gradients gradients;
    private final int sparseLayer; // the one that takes the input, when it can be sparse; else -1
    private final Members members; // of an ensemble, each of which has its own loss; else null
    private final int lookupLayer; // the first of which a batch uses few parameters; else -1
    private SparseMatrix sparse; // the present batch, when that layer takes it as it is; else null
    private Matrix denseInput; // a sparse batch, when it has to be dense
    private float[] unwanted; // takes the gradient of parameters that nobody asks for
    private final Matrix[] x; // of each layer, for the present number of rows
    private final Matrix[] y;
    private int rows = -1;

    /** Scratch for batches of up to {@code maxRows} rows. */
    public Backpropagation(Network network, Loss loss, int maxRows) {
        this.network = network;
        this.loss = loss;
        this.maxRows = maxRows;
        inputSize = network.inputSize();
        layout = network.layout();
        int count = network.layers().size();
        outputs = new float[count][];
        stacks = new float[count][];
        passes = new Pass[count];
        x = new Matrix[count];
        y = new Matrix[count];
        for (int i = 0; i < count; i++) {
            Layer layer = network.layers().get(i);
            outputs[i] = new float[Math.multiplyExact(layer.outputSize(), maxRows)];
            if (network.inputs().get(i).size() > 1) {
                stacks[i] = new float[Math.multiplyExact(layer.inputSize(), maxRows)];
            }
            passes[i] = new Pass(i, layer.scratchSize(maxRows));
        }
        gradients = new Gradients(network, maxRows);
        sparseLayer = sparseLayer(network);
        lookupLayer = lookupLayer(network);
        members = Members.of(network, loss);
    }

    private static int lookupLayer(Network network) {
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i) instanceof LookupLayer) {
                return i;
            }
        }
        return -1;
    }

    private static int sparseLayer(Network network) {
        int found = -1;
        for (int i = 0; i < network.layers().size(); i++) {
            List<Integer> inputs = network.inputs().get(i);
            if (inputs.contains(Network.INPUT)) {
                if (found != -1 || inputs.size() > 1 || !(network.layers().get(i) instanceof SparseLayer)) {
                    return -1;
                }
                found = i;
            }
        }
        return found;
    }

    /**
     * Returns the logits [outputSize × n] of a batch, as a trained network gives them: a view of scratch that the next call
     * overwrites.
     *
     * @param batch [inputSize × n], n ≤ maxRows, dense or sparse; read
     */
    public Matrix forward(float[] parameters, Columns batch) {
        layout.check(parameters);
        for (int i = 0; i < passes.length; i++) {
            passes[i].evaluate(layout.statistics(i, parameters));
        }
        return run(parameters, batch);
    }

    /**
     * The outputs of a layer [its outputSize × n] for the batch of the last {@link #forward}: a view of scratch that
     * the next call overwrites.
     */
    public Matrix outputOf(int layer) {
        return y[layer];
    }

    /**
     * What a layer has taken [its inputSize × n]; not for one that takes the input of the network. See {@link
     * #outputOf}.
     */
    public Matrix inputOf(int layer) {
        return x[layer];
    }

    /** Multiplies the rates of dropout from now on, by 1 at first. */
    public void multiplyDropout(double factor) {
        for (Pass pass : passes) {
            pass.multiplyDropout(factor);
        }
    }

    private Matrix forwardTraining(
            float[] parameters, Columns batch, float[] weights, long[] rowStreams, float[] gradient) {
        layout.check(parameters);
        for (int i = 0; i < passes.length; i++) {
            Slice sums = gradient == null ? null : layout.statistics(i, gradient);
            passes[i].train(weights, rowStreams, layout.statistics(i, parameters), sums);
        }
        return run(parameters, batch);
    }

    private Matrix run(float[] parameters, Columns batch) {
        if (batch.columns() > maxRows || batch.rows() != inputSize) {
            throw new IllegalArgumentException("a batch of " + batch.shape() + " for a network of " + inputSize
                    + " inputs and at most " + maxRows + " rows");
        }
        resize(batch.columns());
        sparse = takenAsSparse(batch) ? (SparseMatrix) batch : null;
        Matrix dense = sparse == null ? dense(batch) : null;
        for (int i = 0; i < y.length; i++) {
            List<Integer> inputs = network.inputs().get(i);
            Layer layer = network.layers().get(i);
            Slice own = layout.parameters(i, parameters);
            if (sparse != null && i == sparseLayer) {
                ((SparseLayer) layer).forward(own, sparse, y[i], passes[i]);
                continue;
            }
            if (stacks[i] == null) {
                int input = inputs.get(0);
                x[i] = input == Network.INPUT ? dense : y[input];
            } else {
                stack(inputs, dense, x[i]);
            }
            layer.forward(own, x[i], y[i], passes[i]);
        }
        return y[y.length - 1];
    }

    /** Whether it is faster, and the same bits, to take a batch as it is. */
    private boolean takenAsSparse(Columns batch) {
        return sparseLayer != -1
                && Blas.sparseIsExact()
                && batch instanceof SparseMatrix matrix
                && matrix.stored() < (double) MOST_STORED * matrix.rows() * matrix.columns();
    }

    private Matrix dense(Columns batch) {
        if (batch instanceof Matrix matrix) {
            return matrix;
        }
        denseInput = denseInput == null ? Matrix.zeros(inputSize, maxRows) : denseInput;
        Matrix dense = denseInput.firstColumns(rows);
        ((SparseMatrix) batch).copyTo(dense);
        return dense;
    }

    private void stack(List<Integer> inputs, Matrix batch, Matrix stack) {
        int from = 0;
        for (int input : inputs) {
            Matrix part = input == Network.INPUT ? batch : y[input];
            for (int n = 0; n < rows; n++) {
                System.arraycopy(
                        part.values(),
                        part.offset() + n * part.rows(),
                        stack.values(),
                        stack.offset() + n * stack.rows() + from,
                        part.rows());
            }
            from += part.rows();
        }
    }

    /**
     * Adds the losses of a batch, as the trained network has them.
     *
     * @param batch [inputSize × n]; read
     * @param target [labelSize × n]; read
     * @param weights of the rows, or null for 1 each; read
     * @param sum added to
     */
    public void addLoss(float[] parameters, Columns batch, Matrix target, float[] weights, LossSum sum) {
        addLoss(forward(parameters, batch), target, weights, sum);
    }

    /**
     * Adds the losses of a batch, as the network being trained has them: those that {@link #addGradient} is the gradient of.
     *
     * @param rowStreams as for {@link #addGradient}
     */
    public void addTrainingLoss(
            float[] parameters, Columns batch, Matrix target, float[] weights, long[] rowStreams, LossSum sum) {
        Matrix logits = forwardTraining(parameters, batch, weights, rowStreams, null);
        if (members == null) {
            addLoss(logits, target, weights, sum);
        } else {
            Matrix outputs = x[x.length - 1];
            members.addLoss(outputs, target, weights, sum(weights, rows), outputs, sum);
        }
    }

    private void addLoss(Matrix logits, Matrix target, float[] weights, LossSum sum) {
        double correct = loss.correct(logits, target, weights);
        sum.add(loss.sum(logits, target, weights, logits), sum(weights, rows), correct);
    }

    /** Adds the gradient and the losses of a batch to a network that is not {@linkplain Network#isRandom random}. */
    public void addGradient(float[] parameters, Columns batch, Matrix target, float[] weights, GradientSum sum) {
        addGradient(parameters, batch, target, weights, null, sum);
    }

    /**
     * Overwrites a sum with the gradient, the losses and the statistics of a batch; otherwise {@link #addGradient}.
     *
     * @param sum overwritten, whatever it held
     */
    public void gradient(
            float[] parameters, Columns batch, Matrix target, float[] weights, long[] rowStreams, GradientSum sum) {
        sum.losses().clear();
        layout.check(sum.gradient());
        for (int i = 0; i < passes.length; i++) {
            layout.statistics(i, sum.gradient()).clear();
        }
        addGradient(true, parameters, batch, target, weights, rowStreams, sum);
    }

    /**
     * Adds the gradient, the losses and the statistics of a batch.
     *
     * @param batch [inputSize × n]; read
     * @param target [labelSize × n]; read
     * @param weights of the rows, or null for 1 each; read
     * @param rowStreams for each row the address of its random numbers; may be null when the network is not {@linkplain
     *     Network#isRandom random}; read
     * @param sum added to
     */
    public void addGradient(
            float[] parameters, Columns batch, Matrix target, float[] weights, long[] rowStreams, GradientSum sum) {
        addGradient(false, parameters, batch, target, weights, rowStreams, sum);
    }

    private void addGradient(
            boolean starts,
            float[] parameters,
            Columns batch,
            Matrix target,
            float[] weights,
            long[] rowStreams,
            GradientSum sum) {
        Matrix logits = forwardTraining(parameters, batch, weights, rowStreams, sum.gradient());
        int last = y.length - 1;
        if (members == null) {
            double correct = loss.correct(logits, target, weights);
            Matrix dLogits = gradients.start(rows, last);
            sum.losses().add(loss.sum(logits, target, weights, dLogits), sum(weights, rows), correct);
        } else {
            last--; // the loss is that of the members, not of their mean
            Matrix dOutputs = gradients.start(rows, last);
            members.addLoss(y[last], target, weights, sum(weights, rows), dOutputs, sum.losses());
        }
        if (starts) {
            startParameters(sum);
        } else {
            sum.touchAll();
        }
        backward(last, starts, parameters, sum.gradient(), null);
    }

    /** Clears what the layers add to, as far as they do not overwrite it. */
    private void startParameters(GradientSum sum) {
        int lookup = sparse == null ? lookupLayer : -1; // a sum remembers the columns of one layer
        if (sparse == null && lookup == -1) {
            sum.touchAll();
        }
        for (int i = 0; i < passes.length; i++) {
            if (i == lookup) {
                LookupLayer layer = (LookupLayer) network.layers().get(i);
                int height = layer.columnHeight();
                sum.startColumns(layout.offset(i), height, layer.parameterCount() / height);
                layer.touchedColumns(x[i], sum::touch);
            } else if (sparse != null && i == sparseLayer) {
                Parameter columns = network.layers().get(i).parameters().get(0);
                int offset = layout.offset(i);
                sum.startColumns(offset, columns.rows(), columns.columns());
                for (int entry = 0; entry < sparse.stored(); entry++) {
                    sum.touch(sparse.row(entry));
                }
                Arrays.fill(sum.gradient(), offset + columns.size(), layout.offset(i + 1), 0);
            } else if (!network.layers().get(i).overwritesGradient()) {
                layout.parameters(i, sum.gradient()).clear();
            }
        }
    }

    /**
     * Adds the gradient of any function of the trained network's outputs: with dLogits = 1 for one output and 0 for the others
     * the gradient of that output, which value and policy learning want.
     *
     * @param batch [inputSize × n]; read
     * @param dLogits d(function)/d(logits) [outputSize × n]; read
     * @param gradient as long as the parameters; d(function)/d(parameters), summed over the rows, is added to it; or null
     * @param dBatch [inputSize × n], overwritten with d(function)/d(batch); or null
     * @return the logits, a view of scratch
     */
    public Matrix addOutputGradient(float[] parameters, Matrix batch, Matrix dLogits, float[] gradient, Matrix dBatch) {
        Matrix logits = forward(parameters, batch);
        if (dLogits.rows() != logits.rows() || dLogits.columns() != rows) {
            throw new IllegalArgumentException(
                    "the gradient of the outputs is " + dLogits.shape() + ", the outputs are " + logits.shape());
        }
        Matrix start = gradients.start(rows, y.length - 1);
        System.arraycopy(dLogits.values(), dLogits.offset(), start.values(), start.offset(), dLogits.size());
        if (gradient == null && unwanted == null) {
            unwanted = new float[network.length()];
        }
        backward(y.length - 1, false, parameters, gradient == null ? unwanted : gradient, dBatch);
        return logits;
    }

    /** From the gradient of the output of a layer, which {@link #gradients} holds, to that of everything before. */
    private void backward(int last, boolean starts, float[] parameters, float[] gradient, Matrix dBatch) {
        layout.check(gradient);
        gradients.wantInput(dBatch);
        for (int i = last; i >= 0; i--) {
            Matrix dy = gradients.of(i);
            Matrix dx = gradients.ofInputs(i);
            Layer layer = network.layers().get(i);
            Slice dParameters = layout.parameters(i, gradient);
            if (sparse != null && i == sparseLayer) {
                ((SparseLayer) layer).backward(sparse, dy, dParameters, passes[i]);
            } else {
                passes[i].startGradient(starts && layer.overwritesGradient()); // one that passes its pass on adds
                layer.backward(layout.parameters(i, parameters), x[i], y[i], dy, dx, dParameters, passes[i]);
            }
            gradients.passOn(i, dx);
        }
    }

    private void resize(int newRows) {
        if (newRows != rows) {
            rows = newRows;
            for (int i = 0; i < y.length; i++) {
                y[i] = new Matrix(outputs[i], 0, network.layers().get(i).outputSize(), rows);
                if (stacks[i] != null) {
                    x[i] = new Matrix(stacks[i], 0, network.layers().get(i).inputSize(), rows);
                }
            }
        }
    }

    private static double sum(float[] weights, int count) {
        if (weights == null) {
            return count;
        }
        double sum = 0;
        for (int n = 0; n < count; n++) {
            sum += weights[n];
        }
        return sum;
    }
}
