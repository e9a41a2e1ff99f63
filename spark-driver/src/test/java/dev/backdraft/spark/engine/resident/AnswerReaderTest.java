package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.layer.Tanh;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.GradientSum;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.network.Network;
import dev.backdraft.train.engine.LaneSum;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    private static final int LENGTH = 3;
    private static final Measures MEASURES = Measures.ofLoss(Network.perceptron(new Tanh(), 2, 1), new SquaredError());

    private final SumPool pool = new SumPool(LENGTH);
    private final List<Answer> answers = new ArrayList<>();
    private final List<Long> missed = new ArrayList<>();
    private final AnswerReader reader = new AnswerReader(pool, answers::add, missed::add);

    private static ByteBuffer head(long ask) {
        LaneSum node = new LaneSum(0, 1, new GradientSum(LENGTH));
        return Messages.head(new Answer(ask, List.of(node), List.of(), 1, 2));
    }

    /** In one message they could be longer than a message may be. */
    @Test
    void measuresComeBlockByBlockBeforeTheirAnswer() {
        MeasuredBytes bytes = new MeasuredBytes();
        for (int block = 0; block < 3; block++) {
            long ask = block == 0 ? 6 : 7; // the first is of an ask that was given up
            MeasuredBlock measured = new MeasuredBlock(block, MEASURES.none());
            ByteBuffer head = Messages.measured(ask, bytes.write(measured));
            reader.complete(Messages.MEASURED, head, reader.begin(Messages.MEASURED, head, 0));
        }
        ByteBuffer head = Messages.head(new Answer(7, List.of(), List.of(), 1, 2));
        reader.complete(Messages.ANSWER, head, reader.begin(Messages.ANSWER, head, 0));
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).measured()).extracting(MeasuredBlock::block).containsExactly(1, 2);
    }

    /** Or whoever asked would wait for it until the time limit. */
    @Test
    void anAnswerThatCannotBeReadIsToldOfAndItsSumUsedAgain() {
        ByteBuffer head = head(41);
        List<float[]> begun = reader.begin(Messages.ANSWER, head, LENGTH);
        reader.missed(Messages.ANSWER, head, begun);
        assertThat(missed).containsExactly(41L);
        assertThat(answers).isEmpty();

        ByteBuffer next = head(42);
        List<float[]> again = reader.begin(Messages.ANSWER, next, LENGTH);
        assertThat(again.get(0)).isSameAs(begun.get(0));
        again.get(0)[1] = 7;
        reader.complete(Messages.ANSWER, next, again);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).ask()).isEqualTo(42);
        assertThat(answers.get(0).sums().get(0).sum().gradient()).containsExactly(0, 7, 0);
        assertThat(missed).hasSize(1);
    }
}
