package dev.backdraft.spark.engine.resident.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.train.engine.LaneSum;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
    private static final int LENGTH = 3;
    private static final Measures MEASURES = Measures.ofLoss(Network.perceptron(new Tanh(), 2, 1), new SquaredError());

    private final SumPool pool = new SumPool(LENGTH);
    private final List<Reply> replies = new ArrayList<>();
    private final List<Long> missed = new ArrayList<>();
    private final ReplyReader reader = new ReplyReader(pool, 2, replies::add, missed::add);

    private static ByteBuffer head(long request) {
        LaneSum node = new LaneSum(0, 1, new GradientSum(LENGTH));
        return Messages.head(new Reply(request, List.of(node), Map.of(), 1, 2));
    }

    /** In one message they could be longer than a message may be. */
    @Test
    void measuresComeBlockByBlockBeforeTheirAnswer() {
        for (int block = 0; block < 3; block++) {
            long request = block == 0 ? 6 : 7; // the first is of an ask that was given up
            ByteBuffer head = Messages.measured(request, block, MEASURES.none());
            reader.complete(Messages.MEASURED, head, reader.begin(Messages.MEASURED, head, 0));
        }
        ByteBuffer head = Messages.head(new Reply(7, List.of(), Map.of(), 1, 2));
        reader.complete(Messages.REPLY, head, reader.begin(Messages.REPLY, head, 0));
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).measured()).containsOnlyKeys(1, 2);
    }

    /** Or whoever asked would wait for it until the time limit. */
    @Test
    void anAnswerThatCannotBeReadIsToldOfAndItsSumUsedAgain() {
        ByteBuffer head = head(41);
        List<float[]> begun = reader.begin(Messages.REPLY, head, LENGTH);
        reader.missed(Messages.REPLY, head, begun);
        assertThat(missed).containsExactly(41L);
        assertThat(replies).isEmpty();

        ByteBuffer next = head(42);
        List<float[]> again = reader.begin(Messages.REPLY, next, LENGTH);
        assertThat(again.get(0)).isSameAs(begun.get(0));
        again.get(0)[1] = 7;
        reader.complete(Messages.REPLY, next, again);
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).request()).isEqualTo(42);
        assertThat(replies.get(0).sums().get(0).sum().gradient()).containsExactly(0, 7, 0);
        assertThat(missed).hasSize(1);
    }

    /** A reply of so many sums would take all the memory of the driver. */
    @Test
    void aReplyWithMoreSumsThanLanesIsRefused() {
        LaneSum node = new LaneSum(0, 1, new GradientSum(LENGTH));
        ByteBuffer head = Messages.head(new Reply(7, List.of(node, node, node), Map.of(), 1, 2));
        assertThatThrownBy(() -> reader.begin(Messages.REPLY, head, 3 * LENGTH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a count of 3 where at most 2 can be");
    }
}
