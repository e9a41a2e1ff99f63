package dev.backdraft.train;

import dev.backdraft.column.ColumnInput;
import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelScale;
import dev.backdraft.json.ValueText;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The hidden layers of an autoencoder: those of its first half, the code, and those of the first half once more, in
 * reverse. The code and the outputs have no activation.
 *
 * @param first units of the layers before the code
 * @param code units of the code: fewer than there are inputs, and than any other hidden layer has
 */
record AutoencoderShape(List<Integer> first, int code) {
    /**
     * The shape for this number of inputs.
     *
     * @param code its size; 0: {@value TrainingDraft#CODE_SIZE_RULE}
     * @throws DataException when the code is not narrower than everything else
     */
    static AutoencoderShape of(int inputs, List<Integer> first, int code) {
        if (inputs < 2) {
            throw new DataException("an autoencoder needs at least 2 inputs, but the rows have %d", inputs);
        }
        int narrowest = first.isEmpty() ? inputs : Math.min(inputs, Collections.min(first));
        int chosen = code > 0 ? code : Math.max(1, Math.min((int) Math.sqrt(inputs), narrowest / 2));
        if (chosen >= narrowest) {
            throw new DataException(
                    "the code has %d unit%s, but must have fewer than the %d inputs%s: choose a smaller code%s, or"
                            + " give the whole network",
                    chosen,
                    chosen == 1 ? "" : "s",
                    inputs,
                    first.isEmpty() ? "" : " and than each of the hidden layers " + first,
                    first.isEmpty() ? "" : " or wider hidden layers");
        }
        return new AutoencoderShape(List.copyOf(first), chosen);
    }

    /** Units of all hidden layers. */
    List<Integer> all() {
        List<Integer> units = new ArrayList<>(first);
        units.add(code);
        List<Integer> second = new ArrayList<>(first);
        Collections.reverse(second);
        units.addAll(second);
        return units;
    }

    /** Refuses columns whose categories are numbered, as no output can reproduce such a number. */
    static void checkInputs(List<ColumnInput> inputs) {
        for (ColumnInput input : inputs) {
            if (input.role() == ColumnInput.Role.CODE) {
                throw new DataException(
                        "column '%s' has so many categories that they are numbered, and an autoencoder cannot reproduce"
                                + " such a number: leave the column out",
                        input.name());
            }
        }
    }

    /** Refuses a loss that does not compare outputs with inputs, and a scale of labels, as there are none. */
    static void check(Loss loss, LabelScale scale) {
        if (!loss.comparesNumbers()) {
            throw new IllegalArgumentException("loss: " + loss.name() + " does not compare numbers with numbers, as an"
                    + " autoencoder needs it: choose squared-error, absolute-error, huber or log-cosh");
        }
        if (scale != LabelScale.LINEAR) {
            throw new IllegalArgumentException("labelScale is " + ValueText.text(scale)
                    + ", but an autoencoder has no label: leave out labelScale");
        }
    }

    /** Refuses a network that cannot learn to reproduce its inputs. */
    static void check(Network network) {
        if (network.inputSize() != network.outputSize()) {
            throw new IllegalArgumentException(
                    "an autoencoder has an output for each input, but the network has " + network.inputSize()
                            + " inputs and " + network.outputSize() + " outputs: end the layers with "
                            + network.inputSize());
        }
        if (!network.codes().isEmpty()) {
            throw new IllegalArgumentException("the network takes categories by number, which an autoencoder cannot"
                    + " reproduce: leave out the embedding");
        }
    }
}
