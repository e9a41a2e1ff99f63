package dev.backdraft.initializer;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
                    new GlorotUniform(),
                    new GlorotNormal(),
                    new HeUniform(),
                    new HeNormal(),
                    new LecunUniform(),
                    new LecunNormal(),
                    new FanInUniform(),
                    new Orthogonal()),
            Initializers::renameEarlier);

    private Initializers() {}

    /**
     * What many lecture notes call Xavier, with variance 1/in, has LeCun's name here; Glorot's own is {@link
     * GlorotUniform}.
     */
    private static void renameEarlier(ObjectNode description) {
        switch (description.path("type").asText()) {
            case "xavier-uniform" -> description.put("type", "lecun-uniform");
            case "xavier-normal" -> description.put("type", "lecun-normal");
            default -> {
                // a present name
            }
        }
    }
}
