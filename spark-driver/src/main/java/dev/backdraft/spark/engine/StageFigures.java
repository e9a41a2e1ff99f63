package dev.backdraft.spark.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.StageInfo;
import scala.Option;

/**
 * Shows the progress of a fit as named accumulators of its stage, while the stage runs: of resident workers, Spark would show
 * accumulators when they end, that is, with the fit. So the driver, which knows the figures anyway, puts them into the {@link
 * StageInfo} that Spark's pages are made from; they come up with the next heartbeat of an executor. Stages that are over when the
 * step is done, as those of a job per step, are left alone: their tasks add to accumulators themselves.
 */
final class StageFigures extends SparkListener {
    private static final String NAME = "Backdraft: ";

    private final SparkContext spark;
    private final String fit;
    private final Map<Integer, StageInfo> stages = new ConcurrentHashMap<>(); // of the fit, that run
    private final Map<String, Long> ids = new LinkedHashMap<>(); // of accumulators, by name

    /** @param fit of {@link JobLabels} */
    StageFigures(SparkContext spark, String fit) {
        this.spark = spark;
        this.fit = fit;
        spark.addSparkListener(this);
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        if (event.properties() != null && fit.equals(event.properties().getProperty(JobLabels.FIT))) {
            stages.put(event.stageInfo().stageId(), event.stageInfo());
        }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        stages.remove(event.stageInfo().stageId());
    }

    /**
     * Puts the figures into the stages that run. To be called when a step has just been done: as the tasks that did it stay, none
     * of them ends at this moment, and Spark does not write to the map. Later calls replace entries and change no structure.
     */
    void show(FitStatus status) {
        for (StageInfo stage : stages.values()) {
            if (stage.completionTime().isEmpty()) {
                put(stage, "progress", status.toString());
                put(stage, "steps", status.steps());
                put(stage, "rows", status.rows());
                put(stage, "loss", status.loss());
                putKnown(stage, "validation loss", status.validationLoss());
                putKnown(stage, "rows per second", status.rowsPerSecond());
                putKnown(stage, "share of time in compute", status.computeShare());
                putKnown(stage, "share of time in combine", status.combineShare());
                putKnown(stage, "share of time in wait", status.waitShare());
            }
        }
    }

    private void putKnown(StageInfo stage, String name, double value) {
        if (!Double.isNaN(value)) {
            put(stage, name, value);
        }
    }

    private void put(StageInfo stage, String name, Object value) {
        long id = ids.computeIfAbsent(
                name, absent -> spark.longAccumulator(NAME + absent).id());
        stage.accumulables()
                .put(
                        id,
                        new AccumulableInfo(
                                id,
                                Option.apply(NAME + name),
                                Option.empty(),
                                Option.apply(value),
                                false,
                                false,
                                Option.empty()));
    }

    void close() {
        if (!spark.isStopped()) {
            spark.removeSparkListener(this);
        }
    }
}
