package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QLearningTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theLearnedPolicyIsOptimalFromEveryState(long seed) {
        QLearning learner = new QLearning(32, seed);
        assertThat(learner.bestActions()).isLessThan(30);
        learner.learn(0, 3000, 0.3, 0.5, seed);
        assertThat(learner.steps()).containsExactly(QLearning.shortest());
        assertThat(learner.bestActions()).isEqualTo(QLearning.STATES - 1);
    }

    @Test
    void theValuesAreThoseOfTheShortestWay() {
        QLearning learner = new QLearning(32, 1);
        learner.learn(0, 3000, 0.3, 0.5, 1);
        int[] shortest = QLearning.shortest();
        double squares = 0;
        for (int state = 0; state < QLearning.STATES; state++) {
            if (shortest[state] > 0) {
                double best = Double.NEGATIVE_INFINITY;
                for (int action = 0; action < QLearning.ACTIONS; action++) {
                    best = Math.max(best, learner.q(state, action));
                }
                double exact = -0.1 * (1 - Math.pow(0.9, shortest[state])) / (1 - 0.9); // Σ γᵏ of the steps left
                squares += (best - exact) * (best - exact);
            }
        }
        assertThat(Math.sqrt(squares / (QLearning.STATES - 1))).isLessThan(0.03);
    }

    @Test
    void theShortestWaysAreThoseOneCanCount() {
        int[] shortest = QLearning.shortest();
        assertThat(shortest).contains(0).doesNotContain(60);
        for (int state = 0; state < QLearning.STATES; state++) {
            for (int action = 0; action < QLearning.ACTIONS; action++) {
                assertThat(shortest[state]).isLessThanOrEqualTo(shortest[QLearning.next(state, action)] + 1);
            }
        }
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(new QLearning.Options(), QLearning::run, directory, "--episodes 100");
        assertThat(run.printed()).contains("3.636", "of 44", "push left");
        assertThat(run.picture()).contains("learned policy", "shortest");
    }
}
