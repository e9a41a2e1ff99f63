package dev.backdraft.examples;

import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.engine.LocalGradients;
import dev.backdraft.train.engine.TrainingLoop;
import java.util.List;

/** Training on rows in memory, put together of its parts: the few lines that the examples share. */
final class InMemory {
    private InMemory() {}

    /**
     * Trains by all processors of this machine, which does not change the result.
     *
     * @param state the start; changed
     * @return what the last epoch came to
     */
    static EpochResult train(
            Network network,
            Loss loss,
            TrainingConfig config,
            List<Example> rows,
            TrainingState state,
            TrainingListener... listeners) {
        Blocks blocks = Blocks.of(
                rows, network.inputSize(), Preprocessing.none(), config.seed(), config.batchSize(), config.lanes());
        int threads = Runtime.getRuntime().availableProcessors();
        try (LocalGradients gradients = new LocalGradients(network, loss, blocks, null, config.seed(), threads)) {
            return new TrainingLoop(network, loss, config, blocks.layout(), gradients, List.of(listeners)).run(state);
        }
    }
}
