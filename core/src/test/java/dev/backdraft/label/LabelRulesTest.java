package dev.backdraft.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which task a network is trained for when the user names no loss, by the labels alone. */
class LabelRulesTest {
    private static final TrainingConfig ONE_EPOCH = TrainingConfig.standard().withEpochs(1);

    private static Model train(int outputs, double... labels) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            rows.add(Example.dense(new float[] {i, -i}, labels[i]));
        }
        return LocalTraining.train(TrainingRequest.of(network(outputs), ONE_EPOCH), rows);
    }

    private static Network network(int outputs) {
        return Network.builder(2).dense(outputs).build();
    }

    private static List<String> classNames(int outputs, double... labels) {
        return train(outputs, labels).preprocessing().classNames();
    }

    @Test
    void twoWholeNumbersAreClassesAndKeepTheirNames() { // LibSVM's own files count classes from 1
        assertThat(train(1, 1, 2, 2, 1).loss().name()).isEqualTo("sigmoid-cross-entropy");
        assertThat(classNames(1, 2, 1, 1, 2)).containsExactly("1", "2");
        assertThat(classNames(1, -1, 1, 1, -1)).containsExactly("-1", "1");
        assertThat(classNames(2, 1, 2, 2, 1)).containsExactly("1", "2");
    }

    @Test
    void asManyWholeNumbersAsOutputsAreClassesInAscendingOrder() {
        assertThat(classNames(3, 30, 10, 20, 10)).containsExactly("10", "20", "30");
    }

    @Test
    void indicesNeedNoNames() {
        assertThat(classNames(1, 0, 1, 1)).isEmpty();
        assertThat(classNames(3, 2, 0, 1)).isEmpty();
        assertThat(classNames(3, 2, 0)).as("class 1 is not in the data").isEmpty();
    }

    @Test
    void otherNumbersAreARegression() {
        assertThat(train(1, 1, 2, 3).loss()).isEqualTo(new SquaredError());
        assertThat(train(1, 0.5, 1).loss()).isEqualTo(new SquaredError());
    }

    @Test
    void oneClassAloneIsRefused() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> train(1, 1, 1))
                .withMessage(
                        "all labels are 1, so there is nothing to classify: check the label column, or name the loss"
                                + " squared-error if this is a regression");
    }

    @Test
    void aTextAmongNumbersIsNamed() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(Example.dense(new float[] {i, i}, i / 7.0).withLabelText(Double.toString(i / 7.0), i / 7.0));
        }
        rows.add(Example.dense(new float[] {1, 1}, Double.NaN).withLabelText("NA", Double.NaN));

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.of(network(1), ONE_EPOCH), rows))
                .withMessageStartingWith("label 'NA' in row 20 is not a number, but most labels are: remove the row");
    }
}
