package dev.backdraft.spark.sql;

import dev.backdraft.spark.internal.SqlFunctions;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.Option;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds the functions of {@link BackdraftFunctions} to every session, also in {@code spark-sql}, {@code spark-shell} and the
 * Thrift server: {@code --conf spark.sql.extensions=dev.backdraft.spark.sql.BackdraftExtensions}. Models are named by the path
 * of their file; a program may also register names.
 */
public final class BackdraftExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** For Spark, which creates it by name. */
    public BackdraftExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (ScoringFunction function : ScoringFunction.values()) {
            SqlFunctions.inject(extensions, definition(function, BackdraftExtensions::activeNames));
        }
        return BoxedUnit.UNIT;
    }

    /** Registers the functions in a session, with the models that have a name there. */
    static void register(SparkSession session, NamedModels models) {
        for (ScoringFunction function : ScoringFunction.values()) {
            SqlFunctions.register(session, definition(function, () -> models));
        }
    }

    /** Those of the session whose query is analyzed: since Spark 4.2 an extension's function comes before a registered one. */
    private static NamedModels activeNames() {
        Option<SparkSession> session = SparkSession.getActiveSession();
        return session.isDefined() ? BackdraftFunctions.names(session.get()) : new NamedModels();
    }

    private static SqlFunctions.Definition definition(ScoringFunction function, Supplier<NamedModels> models) {
        return new SqlFunctions.Definition(
                function.text(),
                function.usage(),
                "a model and features, a vector, an array or several numbers",
                () -> new ModelFunction(function, models.get()));
    }
}
