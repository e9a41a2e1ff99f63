package dev.backdraft.loss;

import dev.backdraft.json.Catalog;
import java.util.List;

/** All losses by name, with their usual settings: the one list that files, the command line and tests share. */
public final class Losses {
    /** The list, users' own losses included. */
    public static final Catalog<Loss> CATALOG = new Catalog<>(
            Loss.class,
            "loss",
            Loss::name,
            List.of(
                    new SoftmaxCrossEntropy(),
                    new SigmoidCrossEntropy(),
                    new SquaredError(),
                    new RootSquaredError(),
                    new AbsoluteError(),
                    new BiasError(),
                    new Huber(),
                    new LogCosh(),
                    new Poisson(),
                    new Gamma(),
                    new Tweedie(),
                    new Pinball(),
                    new Normal(),
                    new Hinge(),
                    new SquaredHinge(),
                    new CrossEntropy(),
                    new BinaryCrossEntropy(),
                    new KlDivergence(),
                    new SoftmaxKlDivergence(),
                    new SoftmaxFocal(),
                    new SigmoidFocal()));

    private Losses() {}

    /** All losses. */
    public static List<Loss> all() {
        return CATALOG.all();
    }

    /**
     * The loss of this name, with its usual settings.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Loss named(String name) {
        return CATALOG.named(name);
    }
}
