package dev.backdraft.optim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.Catalog;
import java.util.ArrayList;
import java.util.List;

/** All optimizers with their default settings, by name: the one list that the command line, the files and the tests share. */
public final class Optimizers {
    /** The list, users' own included. */
    public static final Catalog<Optimizer> CATALOG =
            new Catalog<>(Optimizer.class, "optimizer", Optimizer::name, ours(), Optimizers::renameEarlier);

    private Optimizers() {}

    private static List<Optimizer> ours() {
        List<Optimizer> ours = new ArrayList<>(List.of(new Sgd()));
        ours.addAll(Momentum.everyForm());
        ours.addAll(List.of(
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
        return ours;
    }

    /** Before the forms of momentum were one record, those that average called μ {@code beta}, and one had a switch. */
    private static void renameEarlier(ObjectNode description) {
        String name = description.path("type").asText();
        boolean isAverage = name.equals(Momentum.Form.AVERAGE.title());
        if (isAverage && description.path("biasCorrection").isBoolean()) {
            if (description.remove("biasCorrection").booleanValue()) {
                description.put("type", Momentum.Form.CORRECTED_AVERAGE.title());
            }
        }
        boolean averages = isAverage || name.equals(Momentum.Form.AVERAGE_LOOK_AHEAD.title());
        if (averages && description.has("beta") && !description.has("momentum")) {
            description.set("momentum", description.remove("beta"));
        }
    }

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
