package dev.backdraft.spark.ml;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;

/**
 * Makes parameters of one stage, with checks whose messages say what is wrong with a value. Spark Connect converts values by a
 * parameter's class, so that each has one.
 */
final class ParamFactory {
    /** The default of a parameter that is chosen from the data, where 0 has a meaning of its own. */
    static final int CHOSEN = -1;

    private final Params owner;

    /** Throws {@link IllegalArgumentException} when a value is wrong. Sent with the stage. */
    @FunctionalInterface
    interface Check<T> extends Serializable {
        void accept(T value);
    }

    ParamFactory(Params owner) {
        this.owner = owner;
    }

    /** Sets the default of a parameter, and returns the parameter. */
    <T, P extends Param<T>> P usual(P param, T value) {
        owner.setDefault(param, value);
        return param;
    }

    /** A text that must satisfy a check. */
    Param<String> text(String name, String doc, Check<String> check) {
        return new Param<>(owner.uid(), name, doc, valid(name, check), String.class);
    }

    /** The name of a column. */
    Param<String> column(String name, String doc) {
        return text(name, doc, column -> {});
    }

    /** One of some texts, the first as long as it is not set. */
    Param<String> choice(String name, String doc, String... choices) {
        List<String> all = List.of(choices);
        Param<String> param = text(name, doc, value -> {
            if (!all.contains(value)) {
                throw new IllegalArgumentException("'" + value + "' is none of " + String.join(", ", all));
            }
        });
        return usual(param, choices[0]);
    }

    IntParam whole(String name, String doc, int least, int usual) {
        IntParam param = new IntParam(owner, name, doc, ParamValidators.gtEq(least));
        owner.setDefault(param, usual);
        return param;
    }

    LongParam seed(String name, String doc, long usual) {
        LongParam param = new LongParam(owner, name, doc);
        owner.setDefault(param, usual);
        return param;
    }

    /** A number of 0 or more. */
    DoubleParam notNegative(String name, String doc, double usual) {
        return number(name, doc, ParamValidators.gtEq(0), usual);
    }

    /** A number from 0 to below 1; 0 by default. */
    DoubleParam share(String name, String doc) {
        return number(name, doc, ParamValidators.inRange(0, 1, true, false), 0);
    }

    /** A number from 0 to below 1; by default {@link #CHOSEN}. */
    DoubleParam shareOrChosen(String name, String doc) {
        return numberOrChosen(name, doc, 1, "from 0 to below 1");
    }

    /** A number of 0 or more; by default {@link #CHOSEN}. */
    DoubleParam notNegativeOrChosen(String name, String doc) {
        return numberOrChosen(name, doc, Double.POSITIVE_INFINITY, "0 or more");
    }

    private DoubleParam numberOrChosen(String name, String doc, double below, String range) {
        Check<Object> check = object -> {
            double value = (Double) object;
            if (value != CHOSEN && !(value >= 0 && value < below)) {
                throw new IllegalArgumentException(
                        value + " is neither " + range + " nor " + CHOSEN + ", which means chosen from the data");
            }
        };
        return number(name, doc, valid(name, check), CHOSEN);
    }

    BooleanParam flag(String name, String doc, boolean usual) {
        BooleanParam param = new BooleanParam(owner, name, doc);
        owner.setDefault(param, usual);
        return param;
    }

    private DoubleParam number(String name, String doc, Function1<Object, Object> valid, double usual) {
        DoubleParam param = new DoubleParam(owner, name, doc, valid);
        owner.setDefault(param, usual);
        return param;
    }

    StringArrayParam texts(String name, String doc, Check<String[]> check) {
        return usual(new StringArrayParam(owner, name, doc, valid(name, check)), new String[0]);
    }

    IntArrayParam integers(String name, String doc, Check<int[]> check) {
        return new IntArrayParam(owner, name, doc, valid(name, check));
    }

    DoubleArrayParam numbers(String name, String doc, Check<double[]> check) {
        return usual(new DoubleArrayParam(owner, name, doc, valid(name, check)), new double[0]);
    }

    /** A check that says itself what is wrong. */
    private static <T> Function1<T, Object> valid(String name, Check<T> check) {
        return (Function1<T, Object> & Serializable) value -> {
            try {
                check.accept(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
            }
            return true;
        };
    }
}
