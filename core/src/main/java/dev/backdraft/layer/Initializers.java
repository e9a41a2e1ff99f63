package dev.backdraft.layer;

import dev.backdraft.json.Catalog;
import java.util.List;

/** All initializers by name, with their default settings: the one list that files and tests share. */
public final class Initializers {
    /** The list, users' own initializers included. */
    public static final Catalog<Initializer> CATALOG = new Catalog<>(
            Initializer.class,
            "initializer",
            Initializer::name,
            List.of(
                    new Zeros(),
                    new Constant(),
                    new Uniform(),
                    new Normal(),
                    new TruncatedNormal(),
                    new XavierUniform(),
                    new XavierNormal(),
                    new GlorotUniform(),
                    new GlorotNormal(),
                    new HeUniform(),
                    new HeNormal(),
                    new LecunUniform(),
                    new LecunNormal(),
                    new FanInUniform(),
                    new Orthogonal()));

    private Initializers() {}
}
