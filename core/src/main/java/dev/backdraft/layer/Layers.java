package dev.backdraft.layer;

import dev.backdraft.json.Catalog;
import java.util.List;

/** All layers by name, of size 1 and with their usual settings: the one list that files and tests share. */
public final class Layers {
    /** The list, users' own layers included. */
    public static final Catalog<Layer> CATALOG = new Catalog<>(
            Layer.class,
            "layer",
            Layer::name,
            List.of(
                    new Dense(),
                    new Elementwise(),
                    new Softmax(),
                    new Dropout(),
                    new LayerNorm(),
                    new BatchNorm(),
                    new Add(),
                    new Concatenate(),
                    new PolynomialBasis(),
                    new RadialBasis(),
                    new FourierBasis(),
                    new Select(),
                    new Scaling(),
                    new Embedding(),
                    new PeriodicEmbedding(),
                    new PiecewiseLinearEmbedding(),
                    new Prelu(),
                    new ParametricActivation(),
                    new Repeat(),
                    new BatchEnsemble(),
                    new EnsembleMean()));

    private Layers() {}
}
