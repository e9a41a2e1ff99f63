package dev.backdraft.loss;

import java.util.List;
import java.util.stream.Collectors;

/** All losses by name: the one list that the command line, the files and the tests share. */
public final class Losses {
    private static final List<Loss> ALL =
            List.of(new SoftmaxCrossEntropy(), new SigmoidCrossEntropy(), new SquaredError());

    private Losses() {}

    public static List<Loss> all() {
        return ALL;
    }

    /**
     * The loss of this name.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Loss named(String name) {
        return ALL.stream()
                .filter(loss -> loss.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown loss '" + name + "': use "
                        + ALL.stream().map(Loss::name).collect(Collectors.joining(", "))));
    }
}
