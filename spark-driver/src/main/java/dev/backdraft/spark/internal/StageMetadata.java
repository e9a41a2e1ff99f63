package dev.backdraft.spark.internal;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** The parameters of a stage of {@code spark.ml} in the directory {@code metadata}, in Spark's own format. */
public final class StageMetadata {
    private StageMetadata() {}

    /** Writes class, uid and parameters of a stage. */
    public static void save(Params stage, String path, SparkSession session) {
        DefaultParamsWriter$.MODULE$.saveMetadata(stage, path, session);
    }

    /**
     * Reads a stage.
     *
     * @param type of the stage; another one is refused
     * @param maker makes the stage of its uid
     * @param removed names of parameters that earlier versions had, and saved
     */
    public static <S extends Params> S load(
            String path, SparkSession session, Class<S> type, Function<String, S> maker, List<String> removed) {
        DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, session, type.getName());
        S stage = maker.apply(metadata.uid());
        metadata.getAndSetParams(
                stage, Option.apply(CollectionConverters.asScala(removed).toList()));
        return stage;
    }
}
