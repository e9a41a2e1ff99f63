package dev.backdraft.optim;

import java.util.List;

/** All optimisers with their usual constants, by name: the one list that the command line, the files and the tests share. */
public final class Optimizers {
    private static final List<Optimizer> OURS = List.of(
            new Sgd(),
            new Momentum(),
            new HeavyBall(),
            new AverageMomentum(),
            new Nesterov(),
            new NesterovLookAhead(),
            new NesterovAverage(),
            new AdaGrad(),
            new RmsProp(),
            new Adadelta(),
            new NormalizedGradient(),
            new NormalizedCoordinates(),
            new Adam(),
            new AmsGrad(),
            new AdamW(),
            new Nadam(),
            new Lion(),
            new Lamb());

    private Optimizers() {}

    /**
     * Ours, and behind them the users' own, which {@link java.util.ServiceLoader} finds with the context class loader.
     *
     * @throws IllegalStateException if two have one name
     */
    public static List<Optimizer> all() {
        return Named.withUsers(Optimizer.class, OURS, Optimizer::name);
    }

    /**
     * The optimiser of this name, with its usual constants.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Optimizer named(String name) {
        return Named.find("optimizer", all(), Optimizer::name, name);
    }
}
