package dev.backdraft.spark.engine;

import dev.backdraft.spark.data.BlockReader;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Makes the blocks of a part in their order. Steps would ask for them in an order that reads the sorted rows again and again. */
final class MakeTask extends AbstractFunction2<TaskContext, Iterator<BlockReader>, Integer> implements Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Integer apply(TaskContext context, Iterator<BlockReader> run) {
        run.next().make();
        return 0;
    }
}
