package dev.backdraft.train;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.json.ValueText;
import dev.backdraft.model.Model;
import java.io.IOException;

/** Where a training starts: from scratch, from a model, or from a {@link Checkpoint}. */
@FunctionalInterface
public interface TrainingStart {
    /** The state that the first step starts from. */
    TrainingState of(Fit fit) throws IOException;

    /**
     * Where a second training on all rows starts, when this is the start of the first. From scratch after a checkpoint
     * of the first.
     */
    default TrainingStart ofRefit() {
        return fromScratch();
    }

    /** This start, with another one for a second training. */
    default TrainingStart withRefit(TrainingStart second) {
        TrainingStart first = this;
        return new TrainingStart() {
            @Override
            public TrainingState of(Fit fit) throws IOException {
                return first.of(fit);
            }

            @Override
            public TrainingStart ofRefit() {
                return second;
            }
        };
    }

    /**
     * From the {@linkplain Fit#initialParameters initial parameters}: drawn with the configuration's seed, or those of
     * the model that the request starts from.
     */
    static TrainingStart fromScratch() {
        return TrainingState::start;
    }

    /**
     * From the parameters of a trained model of the same network, classes and kind of scaling; the optimizer starts with an
     * empty state. The model is not changed. Features and labels are scaled as the new rows say; a {@linkplain
     * TrainingRequest#from request from the model} keeps the model's preprocessing.
     */
    static TrainingStart from(Model model) {
        return new TrainingStart() {
            @Override
            public TrainingState of(Fit fit) {
                Preprocessing old = model.preprocessing();
                Preprocessing now = fit.preprocessing();
                if (!model.network().equals(fit.network())) {
                    throw new DataException("the model to start from has a different network than the one to train");
                }
                if (!old.classNames().equals(now.classNames())) {
                    throw new DataException(
                            "the model to start from has the classes %s, but the rows have %s",
                            old.classNames(), now.classNames());
                }
                if ((old.features() == null) != (now.features() == null)
                        || (old.label() == null) != (now.label() == null)) {
                    throw new DataException(
                            "the model to start from %s features and labels, but this training %s: standardize in both or neither",
                            old.features() == null ? "does not scale" : "scales",
                            now.features() == null ? "does not" : "does");
                }
                if (old.labelScale() != now.labelScale()) {
                    throw new DataException(
                            "the model to start from has the label scale %s, but this training %s: choose %s",
                            ValueText.text(old.labelScale()),
                            ValueText.text(now.labelScale()),
                            ValueText.text(old.labelScale()));
                }
                return TrainingState.startFrom(fit.network(), fit.config(), model.parameters());
            }

            @Override
            public TrainingStart ofRefit() {
                return this;
            }
        };
    }
}
