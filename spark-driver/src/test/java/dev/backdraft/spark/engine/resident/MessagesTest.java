package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.network.GradientSum;
import dev.backdraft.train.engine.LaneSum;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    @Test
    void asksAndAnswersReadBackAsTheyWere() {
        float[] parameters = {1, 2, 3};
        Question question = Question.gradient(3, 1L << 40, 12, parameters);
        Ask ask = new Ask(
                99, question, true, List.of(new Share(4, 1L << 50, new int[] {8, 9, 11}), new Share(5, 7, new int[0])));
        Ask read =
                Messages.told(Messages.head(Branch.leaf(null, ask)), parameters).ask();
        assertThat(read.number()).isEqualTo(99);
        assertThat(read.again()).isTrue();
        assertThat(read.question()).isEqualTo(question);
        assertThat(read.shares()).hasSize(2);
        assertThat(read.shares().get(0).worker()).isEqualTo(4);
        assertThat(read.shares().get(0).attempt()).isEqualTo(1L << 50);
        assertThat(read.shares().get(0).parts()).containsExactly(8, 9, 11);
        assertThat(Messages.told(
                                Messages.head(
                                        Branch.leaf(null, new Ask(1, Question.measures(parameters), false, List.of()))),
                                parameters)
                        .ask()
                        .question())
                .isEqualTo(Question.measures(parameters));

        GradientSum sum = new GradientSum(2);
        sum.losses().add(0.1, 3, 2);
        Answer answer = new Answer(99, List.of(new LaneSum(4, 8, sum)), List.of(), 5, 6);
        ByteBuffer head = Messages.head(answer);
        assertThat(Messages.sums(head)).isEqualTo(1);
        Answer back = Messages.answer(head, List.of(new GradientSum(2)), List.of());
        assertThat(back).usingRecursiveComparison().isEqualTo(answer);
    }
}
