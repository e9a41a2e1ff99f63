package dev.backdraft.optim;

import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Factors of a setting, such as the learning rate, for some of the tensors, as in {@code 0-2=0,bias=0.1}. The text
 * before the equals sign selects tensors: those of a layer by its number, of layers from one number to another, or all
 * of a name, such as {@code bias}. The factors of a tensor that is named several times are multiplied.
 *
 * @param key of the factors in a configuration, for messages
 * @param parts in the order of the text
 */
public record TensorFactors(String key, List<Part> parts) {
    private static final double MOST = 1000;
    private static final Pattern PART = Pattern.compile("\\s*([^=\\s]+)\\s*=\\s*([^=\\s]+)\\s*");
    private static final Pattern LAYERS = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    /**
     * The factor of some tensors.
     *
     * @param named as it is written
     * @param first the first layer; -1 when tensors are named by their names
     * @param last the last layer
     */
    public record Part(String named, int first, int last, double factor) {
        /** Whether it is the factor of this tensor. */
        public boolean names(Tensor tensor) {
            return first < 0
                    ? tensor.parameter().name().equals(named)
                    : first <= tensor.layer() && tensor.layer() <= last;
        }
    }

    public TensorFactors {
        parts = List.copyOf(parts);
    }

    /**
     * Reads factors.
     *
     * @param key of the factors in a configuration, for messages
     * @param text parts with commas between them; null for none
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static TensorFactors parse(String key, String text) {
        List<Part> parts = new ArrayList<>();
        if (text != null) {
            for (String part : text.split(",", -1)) {
                parts.add(part(key, text, part));
            }
        }
        return new TensorFactors(key, parts);
    }

    private static Part part(String key, String text, String part) {
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(key + " is \"" + text
                    + "\", but must have parts such as 0=0, 0-2=0.1 or bias=0.5, with commas between them");
        }
        double factor = factor(matcher.group(2));
        if (!(factor >= 0 && factor <= MOST)) {
            throw new IllegalArgumentException(key + " has the factor " + matcher.group(2) + " for " + matcher.group(1)
                    + ", but factors are numbers from 0 to " + (int) MOST);
        }
        Matcher layers = LAYERS.matcher(matcher.group(1));
        if (!layers.matches()) {
            return new Part(matcher.group(1), -1, -1, factor);
        }
        int first = Integer.parseInt(layers.group(1));
        int last = layers.group(2) == null ? first : Integer.parseInt(layers.group(2));
        if (last < first) {
            throw new IllegalArgumentException(
                    key + " names the layers " + matcher.group(1) + ": write the smaller number first");
        }
        return new Part(matcher.group(1), first, last, factor);
    }

    private static double factor(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Whether there are none. */
    public boolean isNone() {
        return parts.isEmpty();
    }

    /**
     * The factor of each tensor, in their order; empty when there are none.
     *
     * @throws IllegalArgumentException naming a part that names no tensor
     */
    public List<Double> of(List<Tensor> tensors) {
        for (Part part : parts) {
            if (tensors.stream().noneMatch(part::names)) {
                throw new IllegalArgumentException(key + " names " + part.named()
                        + ", but only these layers have weights: " + numbers(tensors) + "; their tensors are named "
                        + tensors.stream()
                                .map(Tensor::parameter)
                                .map(Parameter::name)
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", ")));
            }
        }
        if (isNone()) {
            return List.of();
        }
        return tensors.stream().map(this::of).toList();
    }

    private double of(Tensor tensor) {
        double product = 1;
        for (Part part : parts) {
            product *= part.names(tensor) ? part.factor() : 1;
        }
        return product;
    }

    private static String numbers(List<Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> Integer.toString(tensor.layer()))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
