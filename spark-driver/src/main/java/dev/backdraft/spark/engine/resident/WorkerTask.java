package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.train.Measures;
import dev.backdraft.train.Objective;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * What a resident task runs: it joins the end of the session in its JVM, and serves there until the session is over.
 */
final class WorkerTask extends AbstractFunction1<Iterator<Object>, BoxedUnit> implements Serializable {
    private static final long serialVersionUID = 1;

    private final String session;
    private final Objective objective;
    private final Measures measures;
    private final BlockSet training;
    private final BlockSet validation; // or null
    private final DriverAddress driver;

    WorkerTask(
            String session,
            Objective objective,
            Measures measures,
            BlockSet training,
            BlockSet validation,
            DriverAddress driver) {
        this.session = session;
        this.objective = objective;
        this.measures = measures;
        this.training = training;
        this.validation = validation;
        this.driver = driver;
    }

    @Override
    public BoxedUnit apply(Iterator<Object> nothing) {
        TaskContext context = TaskContext.get();
        Worker worker = new Worker(objective, measures, training, validation, context);
        ExecutorEnds.serve(session, driver, objective.network().length(), worker, context);
        return BoxedUnit.UNIT;
    }
}
