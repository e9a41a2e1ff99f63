package dev.backdraft.spark.engine.resident;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** What a task of a {@link LocalSession} runs: it holds blocks until the session is over. */
final class HoldingTask extends AbstractFunction1<Iterator<Object>, BoxedUnit> implements Serializable {
    private static final long serialVersionUID = 1;

    private final String session;

    HoldingTask(String session) {
        this.session = session;
    }

    @Override
    public BoxedUnit apply(Iterator<Object> blocks) {
        LocalSession open = LocalSession.find(session);
        if (open != null) { // else the task came too late
            open.serve(TaskContext.get());
        }
        return BoxedUnit.UNIT;
    }
}
