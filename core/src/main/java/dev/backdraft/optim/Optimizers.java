package dev.backdraft.optim;

import java.util.List;
import java.util.stream.Collectors;

/** All optimisers with their usual constants, by name: the one list that the command line and the tests share. */
public final class Optimizers {
    private static final List<Optimizer> ALL = List.of(new Sgd(), Momentum.standard(), Adam.standard());

    private Optimizers() {}

    public static List<Optimizer> all() {
        return ALL;
    }

    /**
     * The optimiser of this name, with its usual constants.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Optimizer named(String name) {
        return ALL.stream()
                .filter(optimizer -> optimizer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown optimizer '" + name + "': use "
                        + ALL.stream().map(Optimizer::name).collect(Collectors.joining(", "))));
    }
}
