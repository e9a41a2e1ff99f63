package dev.backdraft.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is near, and what is not. */
class NearMissTest {
    private static final List<String> NAMES =
            List.of("learningRate", "epochs", "earlyStopping", "l1", "softmax-cross-entropy", "sgd");

    @ParameterizedTest
    @CsvSource({
        "learnigRate, learningRate", // one left out
        "learning-rate, learningRate",
        "lerningRatee, learningRate",
        "epohcs, epochs", // two swapped
        "epoch, epochs",
        "early, earlyStopping", // goes on
        "epochsToTrain, epochs",
        "SGD, sgd",
        "sdg, sgd",
        "softmax_crossentropy, softmax-cross-entropy"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(NearMiss.suggestion(written, NAMES)).isEqualTo(" (did you mean '" + meant + "'?)");
    }

    @ParameterizedTest
    @CsvSource({"momentum", "x", "l", "magic", "''"})
    void saysNothingWhenNothingIsNear(String written) {
        assertThat(NearMiss.suggestion(written, NAMES)).isEmpty();
    }

    @Test
    void takesTheNearestOfSeveral() {
        assertThat(NearMiss.suggestion("huberr", List.of("hinges", "huber", "hubert")))
                .isEqualTo(" (did you mean 'huber'?)");
    }
}
