package dev.backdraft.spark.engine;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.driver.ResidentGradients;
import dev.backdraft.spark.engine.resident.driver.ResidentSettings;
import dev.backdraft.train.Fit;
import dev.backdraft.train.engine.GradientSource;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the gradients of a step come together on Spark. The result is the same, bit for bit. */
public enum Aggregation {
    /** {@link #RESIDENT} where it can be, else {@link #JOB}. */
    AUTO,

    /** One Spark job per step: works on every cluster. */
    JOB,

    /** One job for the whole fit, whose tasks stay and answer step after step. */
    RESIDENT;

    private static final Logger LOG = LoggerFactory.getLogger(Aggregation.class);

    /**
     * Refuses a cluster that this cannot be on, before any row is read.
     *
     * @throws IllegalStateException when resident workers are asked for and are not possible
     */
    void check(JavaSparkContext spark) {
        String obstacle = this == RESIDENT ? obstacle(spark) : null;
        if (obstacle != null) {
            throw new IllegalStateException("resident workers cannot talk to the driver: " + obstacle
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
            LOG.info("gradients: one Spark job per step, as requested");
            return new JobPerStepGradients(spark, fit, training, validation);
        }
        String obstacle = obstacle(spark);
        if (obstacle != null) {
            LOG.info(
                    "gradients: one Spark job per step, because resident workers cannot talk to the driver: {}",
                    obstacle);
            return new JobPerStepGradients(spark, fit, training, validation);
        }
        LOG.info(
                "gradients: resident workers, {}{}",
                spark.sc().isLocal() ? "in this JVM" : "over Spark's network layer",
                this == RESIDENT ? ", as requested" : ", the fastest mode that this cluster allows");
        return new ResidentGradients(
                spark,
                fit,
                training,
                validation,
                ResidentSettings.of(spark.getConf()),
                () -> new JobPerStepGradients(spark, fit, training, validation));
    }
}
