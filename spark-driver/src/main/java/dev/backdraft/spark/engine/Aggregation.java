package dev.backdraft.spark.engine;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.ResidentGradients;
import dev.backdraft.spark.engine.resident.ResidentSettings;
import dev.backdraft.train.Fit;
import dev.backdraft.train.GradientSource;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the gradients of a step come together on Spark. The result is the same, bit for bit. */
public enum Aggregation {
    /** {@link #RESIDENT} where it can be, else {@link #JOB}. */
    AUTO,

    /** One Spark job a step: works on every cluster. */
    JOB,

    /** One job for the whole fit, whose tasks stay and answer step after step. */
    RESIDENT;

    private static final Logger LOG = LoggerFactory.getLogger(Aggregation.class);

    /**
     * Refuses a cluster that this cannot be on, before any row is read.
     *
     * @throws IllegalStateException when workers that stay are asked for and cannot be
     */
    void check(JavaSparkContext spark) {
        String obstacle = this == RESIDENT ? obstacle(spark) : null;
        if (obstacle != null) {
            throw new IllegalStateException("workers that stay cannot talk to the driver: " + obstacle
                    + "; use the aggregation job (--aggregation job)");
        }
    }

    private static String obstacle(JavaSparkContext spark) {
        return spark.sc().isLocal() ? null : ResidentGradients.obstacle();
    }

    /**
     * Opens a source of gradients after a {@link #check}, and says in the log which one and why.
     *
     * @param training closed with the source
     * @param validation or null; closed with the source
     */
    GradientSource open(JavaSparkContext spark, Fit fit, BlockSet training, BlockSet validation) {
        if (this == JOB) {
            LOG.info("gradients: one Spark job a step, as asked for");
            return new JobPerStepGradients(spark, fit, training, validation);
        }
        String obstacle = obstacle(spark);
        if (obstacle != null) {
            LOG.info("gradients: one Spark job a step, as workers that stay cannot talk to the driver: {}", obstacle);
            return new JobPerStepGradients(spark, fit, training, validation);
        }
        LOG.info(
                "gradients: workers that stay, {}{}",
                spark.sc().isLocal() ? "in this JVM" : "over Spark's network layer",
                this == RESIDENT ? ", as asked for" : ", the fastest way that this cluster allows");
        return new ResidentGradients(
                spark,
                fit,
                training,
                validation,
                ResidentSettings.of(spark.getConf()),
                () -> new JobPerStepGradients(spark, fit, training, validation));
    }
}
