package dev.backdraft.spark.engine.resident;

import dev.backdraft.evaluate.Measures;
import dev.backdraft.train.Objective;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * What a resident task runs: it joins the end of the session in its JVM, and serves there until the session is over.
 */
final class WorkerTask extends AbstractFunction1<Iterator<WorkerBlocks>, BoxedUnit> implements Serializable {
    private static final long serialVersionUID = 1;

    private final String session;
    private final Objective objective;
    private final Measures measures;
    private final DriverAddress driver;

    WorkerTask(String session, Objective objective, Measures measures, DriverAddress driver) {
        this.session = session;
        this.objective = objective;
        this.measures = measures;
        this.driver = driver;
    }

    @Override
    public BoxedUnit apply(Iterator<WorkerBlocks> blocks) {
        TaskContext context = TaskContext.get();
        Worker worker = new Worker(context.partitionId(), context.taskAttemptId(), objective, measures, blocks.next());
        ExecutorEnds.serve(session, driver, objective.network().length(), worker, context);
        return BoxedUnit.UNIT;
    }
}
