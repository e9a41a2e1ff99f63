package dev.backdraft.spark.engine.resident.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.train.engine.LaneSum;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static Request read(Request request) {
        return Messages.request(Messages.head(request), request.work().parameters());
    }

    private static Request to(Request request, String host, int port) {
        return new Request(
                request.number(),
                InetSocketAddress.createUnresolved(host, port),
                request.work(),
                request.assignments(),
                request.forwards());
    }

    @Test
    void requestsReadBackAsTheyWere() {
        Work work = Work.gradient(3, 1L << 40, 12, new float[] {1, 2, 3});
        Request leaf = new Request(98, Messages.NOWHERE, work, List.of(new Assignment(1, 2, new int[] {3})), List.of());
        Request middle = to(leaf, "::1", 65_535).forwarding(List.of(to(leaf, "a.b", 7337)));
        List<Assignment> assignments =
                List.of(new Assignment(4, 1L << 50, new int[] {8, 9, 11}), new Assignment(5, 7, new int[0]));
        Request request = new Request(99, Messages.NOWHERE, work, assignments, List.of(to(leaf, "host", 1), middle));
        assertThat(read(request)).usingRecursiveComparison().isEqualTo(request);
        Request measures = new Request(1, Messages.NOWHERE, Work.measures(new float[2]), List.of(), List.of());
        assertThat(read(measures)).isEqualTo(measures);
    }

    /** As logs, exceptions and debuggers would show it. */
    @Test
    void noTextHasTheToken() {
        String token = "3e2f6c1a-token";
        Messages.Hello hello = new Messages.Hello(token, "7", InetSocketAddress.createUnresolved("host", 1));
        assertThat(Messages.Hello.read(hello.frame())).isEqualTo(hello);
        assertThat(List.of(hello, new DriverAddress("host", 1, token, true, "")))
                .allSatisfy(each -> assertThat(each.toString()).contains("host").doesNotContain(token));
        assertThatThrownBy(() -> hello.check("another"))
                .isInstanceOf(IllegalStateException.class)
                .message()
                .doesNotContain(token, "another");
    }

    @Test
    void repliesReadBackAsTheyWere() {
        GradientSum sum = new GradientSum(2);
        sum.losses().add(0.1, 3, 2);
        Reply reply = new Reply(99, List.of(new LaneSum(4, 8, sum)), Map.of(), 5, 6);
        ByteBuffer head = Messages.head(reply);
        assertThat(Messages.sums(head, 8)).isEqualTo(1);
        Reply back = Messages.reply(head, List.of(new GradientSum(2)), Map.of());
        assertThat(back)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(
                        ".*isNew") // that a sum holds only zeros is not known of one that was read
                .isEqualTo(reply);
    }
}
