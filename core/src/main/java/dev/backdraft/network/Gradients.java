package dev.backdraft.network;

import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The gradients of the outputs of layers while they travel backwards. A layer's gradient is the sum of what all that take its
 * output hand back, added in the order in which they come, from the last layer to the first. Its memory is free for others once
 * the layer has used it, so a chain needs two buffers. Scratch, for one thread.
 */
final class Gradients {
    private final Network network;
    private final int bufferSize; // enough for all but the network's input
    private final Deque<float[]> free = new ArrayDeque<>();
    private final Matrix[] ofOutputs; // of each layer; null where nobody has handed any back
    private Matrix ofBatch; // where that of the network's input is wanted, or null
    private boolean batchStarted;
    private int rows;

    Gradients(Network network, int maxRows) {
        this.network = network;
        int widest = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            widest = Math.max(widest, layer.outputSize());
            boolean plain = network.inputs().get(i).equals(List.of(Network.INPUT));
            widest = plain ? widest : Math.max(widest, layer.inputSize());
        }
        bufferSize = Math.multiplyExact(widest, maxRows);
        ofOutputs = new Matrix[network.layers().size()];
    }

    /** Begins a pass; returns the gradient of the output of the layer from which it goes back, to be overwritten. */
    Matrix start(int newRows, int layer) {
        rows = newRows;
        for (int i = 0; i < ofOutputs.length; i++) {
            release(i);
        }
        ofOutputs[layer] = take(network.layers().get(layer).outputSize());
        return ofOutputs[layer];
    }

    /** Says where the gradient of the network's input goes, null for nowhere. */
    void wantInput(Matrix dBatch) {
        if (dBatch != null && (dBatch.rows() != network.inputSize() || dBatch.columns() != rows)) {
            throw new IllegalArgumentException(
                    "the gradient of the input is [" + network.inputSize() + " x " + rows + "], not " + dBatch.shape());
        }
        ofBatch = dBatch;
        batchStarted = false;
    }

    /** The gradient of a layer's output, complete once all layers after it have added theirs. */
    Matrix of(int layer) {
        return ofOutputs[layer];
    }

    /** Where the layer shall write the gradient of all that it takes; null when nobody wants it. */
    Matrix ofInputs(int layer) {
        List<Integer> inputs = network.inputs().get(layer);
        if (inputs.size() == 1 && inputs.get(0) == Network.INPUT) {
            if (ofBatch == null) {
                return null;
            }
            return batchStarted ? take(network.inputSize()) : ofBatch;
        }
        return take(network.layers().get(layer).inputSize());
    }

    /** Hands the gradient of what a layer takes on to where that comes from, and forgets the gradient of its output. */
    void passOn(int layer, Matrix dx) {
        release(layer);
        if (dx == null) {
            return;
        }
        List<Integer> inputs = network.inputs().get(layer);
        if (inputs.size() == 1) {
            passOnWhole(inputs.get(0), dx);
            return;
        }
        int from = 0;
        for (int input : inputs) {
            if (input == Network.INPUT) {
                if (ofBatch != null) {
                    copyOrAdd(dx, from, ofBatch, batchStarted);
                    batchStarted = true;
                }
                from += network.inputSize();
            } else {
                boolean started = ofOutputs[input] != null;
                int size = network.layers().get(input).outputSize();
                ofOutputs[input] = started ? ofOutputs[input] : take(size);
                copyOrAdd(dx, from, ofOutputs[input], started);
                from += size;
            }
        }
        free.push(dx.values());
    }

    private void passOnWhole(int input, Matrix dx) {
        if (input == Network.INPUT) {
            if (batchStarted) {
                copyOrAdd(dx, 0, ofBatch, true);
                free.push(dx.values());
            }
            batchStarted = true;
        } else if (ofOutputs[input] == null) {
            ofOutputs[input] = dx;
        } else {
            copyOrAdd(dx, 0, ofOutputs[input], true);
            free.push(dx.values());
        }
    }

    /** Rows [from, from + to.rows()) of a gradient, copied or added. */
    private void copyOrAdd(Matrix dx, int from, Matrix to, boolean add) {
        float[] source = dx.values();
        float[] target = to.values();
        for (int n = 0; n < rows; n++) {
            int s = dx.offset() + n * dx.rows() + from;
            int t = to.offset() + n * to.rows();
            if (add) {
                for (int i = 0; i < to.rows(); i++) {
                    target[t + i] += source[s + i];
                }
            } else {
                System.arraycopy(source, s, target, t, to.rows());
            }
        }
    }

    /** A free buffer as a matrix of this height. */
    private Matrix take(int height) {
        boolean fits = !free.isEmpty() && height * rows <= free.peek().length;
        float[] buffer = fits ? free.pop() : new float[Math.max(bufferSize, Math.multiplyExact(height, rows))];
        return new Matrix(buffer, 0, height, rows);
    }

    private void release(int layer) {
        if (ofOutputs[layer] != null) {
            free.push(ofOutputs[layer].values());
            ofOutputs[layer] = null;
        }
    }
}
