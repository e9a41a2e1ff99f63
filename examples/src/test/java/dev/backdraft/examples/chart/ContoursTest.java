package dev.backdraft.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ContoursTest {
    @Test
    void theContourOfALengthIsACircle() {
        Contours circle = Contours.of(Math::hypot, 2, -3, 3, -3, 3, 100);
        double around = 0;
        for (int i = 0; i < circle.x().length; i += 3) {
            assertThat(Math.hypot(circle.x()[i], circle.y()[i])).isCloseTo(2, within(1e-3));
            assertThat(circle.x()[i + 2]).isNaN();
            around += Math.hypot(circle.x()[i] - circle.x()[i + 1], circle.y()[i] - circle.y()[i + 1]);
        }
        assertThat(around).isCloseTo(4 * Math.PI, within(0.01));
    }

    @Test
    void aLevelThatIsNotReachedHasNoContour() {
        assertThat(Contours.of(Math::hypot, 20, -3, 3, -3, 3, 10).x()).isEmpty();
    }
}
