package dev.backdraft.spark.sql;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import scala.Option;
import scala.Some;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives every session the functions of {@link BackdraftFunctions}, those of {@code spark-sql}, {@code spark-shell} and the Thrift
 * server too: {@code --conf spark.sql.extensions=dev.backdraft.spark.sql.BackdraftExtensions}. Models are named by the path of
 * their file; a program may register names besides.
 */
public final class BackdraftExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** For Spark, which makes it by its name. */
    public BackdraftExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (ScoringFunction function : ScoringFunction.values()) {
            ExpressionInfo info = new ExpressionInfo(
                    PredictFunction.class.getName(),
                    null,
                    function.text(),
                    function.usage(),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "java_udf");
            extensions.injectFunction(
                    new Tuple3<>(new FunctionIdentifier(function.text()), info, new Builder(function)));
        }
        return BoxedUnit.UNIT;
    }

    /** Makes the expression of a call. */
    private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression> {
        private static final Seq<Option<ExpressionEncoder<?>>> NO_ENCODERS = // values come as Scala's types
                CollectionConverters.asScala(List.<Option<ExpressionEncoder<?>>>of())
                        .toSeq();

        private final ScoringFunction function;

        /** Those of the session whose query is analyzed: since Spark 4.2 this function comes before the one that a program registers. */
        private static NamedModels names() {
            Option<SparkSession> session = SparkSession.getActiveSession();
            return session.isDefined() ? BackdraftFunctions.names(session.get()) : new NamedModels();
        }

        Builder(ScoringFunction function) {
            this.function = function;
        }

        @Override
        public Expression apply(Seq<Expression> arguments) {
            if (arguments.size() != 2) {
                throw new IllegalArgumentException(
                        function.text() + " takes a model and features, but got " + arguments.size() + " arguments");
            }
            return new ScalaUDF(
                    new PredictFunction(function, names()),
                    function.type(),
                    arguments,
                    NO_ENCODERS,
                    Option.empty(),
                    new Some<>(function.text()),
                    true,
                    true);
        }
    }
}
