package dev.backdraft.spark.engine.resident.executor;

import dev.backdraft.evaluate.Measures;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.DriverBlas;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.protocol.DriverAddress;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.train.Objective;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * The task of a resident worker: computes what the driver requests until the session is over. All tasks of a session in
 * one JVM share an {@link ExecutorEndpoint} ({@link SharedEndpoints}).
 */
public final class WorkerTask extends AbstractFunction1<Iterator<Object>, BoxedUnit> implements Serializable {
    private static final long serialVersionUID = 1;
    private static final SharedEndpoints ENDPOINTS = new SharedEndpoints(); // of this JVM

    private final String session;
    private final Objective objective;
    private final Measures measures;
    private final BlockSet training;
    private final BlockSet validation; // or null
    private final DriverAddress driver;

    /**
     * @param session tasks with the same session share an endpoint
     * @param validation or null
     */
    public WorkerTask(
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
        serve(session);
        return BoxedUnit.UNIT;
    }

    /**
     * Serves on the task's thread until the session is over.
     *
     * @param sharing tasks that pass the same string share an endpoint
     * @throws IllegalStateException when the driver cannot be reached; its cause tells the driver why the session ends
     */
    public void serve(String sharing) {
        TaskContext context = TaskContext.get();
        Worker worker = new Worker(objective, measures, training, validation, context);
        try {
            ENDPOINTS.use(sharing, this::open, endpoint -> endpoint.group().serve(worker, context));
        } catch (IOException e) {
            String message = "executor cannot reach the driver at " + driver;
            throw new IllegalStateException(
                    message, new SessionEndedException(SessionEndedException.Reason.UNREACHABLE, message, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to the driver", e);
        }
    }

    private ExecutorEndpoint open() throws IOException, InterruptedException {
        DriverBlas.compare(driver.blas());
        try {
            return new ExecutorEndpoint(
                    driver, objective.network().length(), objective.layout().lanes(), SparkTransport::connect);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // so that this task does not try again
            throw e;
        }
    }
}
