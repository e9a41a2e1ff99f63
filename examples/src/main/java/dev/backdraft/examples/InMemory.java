package dev.backdraft.examples;

import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.LocalGradients;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingLoop;
import dev.backdraft.train.TrainingState;
import java.util.List;

/** Training on rows in memory, put together of its parts: the few lines that the examples share. */
final class InMemory {
    private InMemory() {}

    /**
     * Trains on one thread.
     *
     * @param parameters the start, changed to the trained ones
     * @return what the last epoch came to
     */
    static EpochResult train(
            Network network,
            Loss loss,
            TrainingConfig config,
            List<Example> rows,
            float[] parameters,
            TrainingListener... listeners) {
        Blocks blocks = Blocks.of(
                rows, network.inputSize(), Preprocessing.none(), config.seed(), config.batchSize(), config.lanes());
        try (LocalGradients gradients = new LocalGradients(network, loss, blocks, null, config.seed(), 1)) {
            TrainingState state = TrainingState.startFrom(network, config, parameters);
            EpochResult last =
                    new TrainingLoop(network, loss, config, blocks.layout(), gradients, List.of(listeners)).run(state);
            System.arraycopy(state.result(), 0, parameters, 0, parameters.length);
            return last;
        }
    }
}
