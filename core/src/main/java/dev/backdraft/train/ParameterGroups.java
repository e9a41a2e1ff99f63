package dev.backdraft.train;

import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Parameter;
import dev.backdraft.network.Network;
import dev.backdraft.optim.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/** Tells optimizers, which know no layers, what the flat vector of a network is made of. */
public final class ParameterGroups {
    private ParameterGroups() {}

    /**
     * One group for each matrix of each layer.
     *
     * @param penalizeBiases whether biases and scales count as weights for regularizers
     */
    public static ParameterLayout of(Network network, boolean penalizeBiases) {
        List<ParameterLayout.Group> groups = new ArrayList<>();
        int offset = 0;
        for (Layer layer : network.layers()) {
            for (Parameter part : layer.parameters()) {
                boolean penalized = penalizeBiases || part.kind() == Parameter.Kind.WEIGHT;
                groups.add(new ParameterLayout.Group(offset, part.rows(), part.columns(), penalized));
                offset += part.size();
            }
        }
        return new ParameterLayout(groups);
    }
}
