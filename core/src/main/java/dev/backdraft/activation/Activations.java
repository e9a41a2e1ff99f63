package dev.backdraft.activation;

import dev.backdraft.json.Catalog;
import java.util.List;

/** All activations by name, with their usual settings: the one list that files, the command line and tests share. */
public final class Activations {
    /** The list, users' own activations included. */
    public static final Catalog<Activation> CATALOG = new Catalog<>(
            Activation.class,
            "activation",
            Activation::name,
            List.of(
                    new Identity(),
                    new Sigmoid(),
                    new HardSigmoid(),
                    new Tanh(),
                    new Relu(),
                    new LeakyRelu(),
                    new Elu(),
                    new Selu(),
                    new Gelu(),
                    new Softplus(),
                    new Softsign(),
                    new Silu(),
                    new Sin(),
                    new Exp(),
                    new Cos()));

    private Activations() {}
}
