package dev.backdraft.optim;

import dev.backdraft.json.Catalog;
import java.util.List;

/** All optimizers with their default settings, by name: the one list that the command line, the files and the tests share. */
public final class Optimizers {
    /** The list, users' own included. */
    public static final Catalog<Optimizer> CATALOG = new Catalog<>(
            Optimizer.class,
            "optimizer",
            Optimizer::name,
            List.of(
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
                    new Lamb(),
                    new Lbfgs()));

    private Optimizers() {}

    /** All of them with their usual settings. */
    public static List<Optimizer> all() {
        return CATALOG.all();
    }

    /**
     * The optimizer of this name, with its usual settings.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Optimizer named(String name) {
        return CATALOG.named(name);
    }
}
