package dev.backdraft.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.linalg.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each loss says of its targets and outputs, and what follows from it. */
class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "softmax-cross-entropy, CLASS_INDEX, ANY",
        "sigmoid-cross-entropy, PROBABILITY_OF_YES, ANY",
        "squared-error, VALUE, ANY",
        "root-squared-error, VALUE, ANY",
        "absolute-error, VALUE, ANY",
        "bias-error, VALUE, ANY",
        "huber, VALUE, ANY",
        "log-cosh, VALUE, ANY",
        "poisson, COUNT, ANY",
        "gamma, POSITIVE, ANY",
        "tweedie, COUNT, ANY",
        "pinball, VALUE, ANY",
        "normal, VALUE, ANY",
        "hinge, SIGNED_YES_OR_NO, ANY",
        "squared-hinge, SIGNED_YES_OR_NO, ANY",
        "cross-entropy, CLASS_INDEX, PROBABILITY",
        "binary-cross-entropy, PROBABILITY_OF_YES, PROBABILITY",
        "kl-divergence, DISTRIBUTION, PROBABILITY",
        "softmax-kl-divergence, DISTRIBUTION, ANY",
        "softmax-focal, CLASS_INDEX, ANY",
        "sigmoid-focal, YES_OR_NO, ANY",
        "pseudo-huber, VALUE, ANY"
    })
    void everyLossSaysWhatItTakes(String loss, Target target, OutputRange outputs) {
        assertThat(Losses.named(loss).target()).isEqualTo(target);
        assertThat(Losses.named(loss).outputRange()).isEqualTo(outputs);
    }

    @Test
    void poissonOfARateTakesPositiveOutputs() {
        assertThat(new Poisson(PoissonForm.RATE, OutputReduction.MEAN).outputRange())
                .isEqualTo(OutputRange.POSITIVE);
    }

    @ParameterizedTest
    @CsvSource({ // labels of a row and classes, with 1 output and with 3
        "VALUE, 1, 3, 0, 0, false, false",
        "COUNT, 1, 3, 0, 0, false, false",
        "POSITIVE, 1, 3, 0, 0, false, false",
        "YES_OR_NO, 1, 3, 2, 2, true, false",
        "SIGNED_YES_OR_NO, 1, 3, 2, 2, true, false",
        "PROBABILITY_OF_YES, 1, 3, 2, 2, true, false",
        "CLASS_INDEX, 1, 1, 1, 3, true, true",
        "DISTRIBUTION, 1, 3, 1, 3, true, true"
    })
    void aTargetTellsTheLabelsAndTheClasses(
            Target target, int labels, int ofThree, int classes, int ofThreeOutputs, boolean one, boolean three) {
        assertThat(target.labelCount(1)).isEqualTo(labels);
        assertThat(target.labelCount(3)).isEqualTo(ofThree);
        assertThat(target.classCount(1)).isEqualTo(classes);
        assertThat(target.classCount(3)).isEqualTo(ofThreeOutputs);
        assertThat(target.choosesClass(1)).isEqualTo(one);
        assertThat(target.choosesClass(3)).isEqualTo(three);
    }

    @ParameterizedTest
    @CsvSource({
        "VALUE, -2 -1 -0.5 0 0.5 1 2",
        "COUNT, 0 0.5 1 2",
        "POSITIVE, 0.5 1 2",
        "YES_OR_NO, 0 1",
        "SIGNED_YES_OR_NO, -1 0 1",
        "PROBABILITY_OF_YES, 0 0.5 1",
        "CLASS_INDEX, 0 0.5 1 2",
        "DISTRIBUTION, 0 0.5 1 2"
    })
    void aTargetAcceptsItsLabels(Target target, String accepted) {
        List<String> numbers = List.of("-2", "-1", "-0.5", "0", "0.5", "1", "2");
        assertThat(numbers.stream().filter(number -> target.accepts(Float.parseFloat(number))))
                .containsExactly(accepted.split(" "));
        assertThat(target.accepts(Float.NaN)).isEqualTo(target == Target.VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void onlyValuesAreStandardized(Target target) {
        assertThat(target.isScalable()).isEqualTo(target == Target.VALUE);
    }

    /** A loss of one's own that implements no more than it must. */
    private record Smallest(Target target) implements Loss {
        @Override
        public String name() {
            return "smallest";
        }

        @Override
        public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
            return 0;
        }

        @Override
        public void predict(Matrix logits, Matrix prediction) {
            Link.sigmoid(logits, prediction);
        }
    }

    @Test
    void rightRowsAreCountedAsTheTargetSays() {
        Matrix logits = new Matrix(new float[] {2, -1, -3, -2}, 0, 2, 2); // two rows
        float[] weights = {3, 5};
        Matrix index = new Matrix(new float[] {0, 0}, 0, 1, 2);
        Matrix answers = new Matrix(new float[] {1, 0, 0, 1}, 0, 2, 2);
        Matrix shares = new Matrix(new float[] {0.2f, 0.8f, 0.3f, 0.7f}, 0, 2, 2);
        assertThat(new Smallest(Target.CLASS_INDEX).correct(logits, index, weights))
                .isEqualTo(3);
        assertThat(new Smallest(Target.DISTRIBUTION).correct(logits, shares, weights))
                .isEqualTo(5);
        assertThat(new Smallest(Target.YES_OR_NO).correct(logits, answers, weights))
                .isEqualTo(3);
        assertThat(new Smallest(Target.VALUE).correct(logits, answers, weights)).isZero();
        assertThat(new Smallest(Target.COUNT).correct(logits, answers, weights)).isZero();
    }
}
