package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import java.util.function.Supplier;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import scala.collection.Seq;

/** Values of a DataFrame's rows as floats, refused where they are none, with a message that names column and row. */
public final class FrameValues {
    private FrameValues() {}

    /**
     * The features of a vector, dense or sparse as it is.
     *
     * @param width that it must have; -1 for any
     * @param column it is from, for a message
     * @param where names the row for a message
     * @throws DataException when it has another width, or a value is not finite
     */
    public static Example features(Vector vector, int width, String column, Supplier<String> where) {
        if (width >= 0 && vector.size() != width) {
            throw new DataException(
                    "%s, column '%s': the vector has %d features instead of %d",
                    where.get(), column, vector.size(), width);
        }
        check(vector, column, where);
        return vector instanceof SparseVector sparse
                ? Example.sparse(sparse.indices(), sparse.values(), Double.NaN)
                : Example.dense(vector.toArray(), Double.NaN);
    }

    /**
     * Checks that all entries of a vector are finite floats.
     *
     * @param column it is from, for a message
     * @param where names the row for a message
     * @throws DataException when one is not
     */
    static void check(Vector vector, String column, Supplier<String> where) {
        SparseVector sparse = vector instanceof SparseVector some ? some : null;
        double[] doubles = sparse == null ? vector.toArray() : sparse.values();
        for (int i = 0; i < doubles.length; i++) {
            if (!Float.isFinite((float) doubles[i])) {
                int at = sparse == null ? i : sparse.indices()[i];
                throw notFinite(doubles[i], column + "[" + at + "]", where);
            }
        }
    }

    /** Why a value cannot be used: it is missing or, where it is a number or several, not a finite float; null when it can be. */
    static InvalidValue invalid(Object value) {
        if (value instanceof Vector vector) {
            return invalid(vector instanceof SparseVector sparse ? sparse.values() : vector.toArray());
        }
        if (value instanceof Seq) { // several labels
            return NumberList.invalid(value);
        }
        if (value instanceof Number number) {
            return InvalidValue.of(number.doubleValue());
        }
        boolean missing = value == null || (value instanceof String text && text.isBlank());
        return missing ? InvalidValue.MISSING : null;
    }

    private static InvalidValue invalid(double[] values) {
        for (double value : values) {
            InvalidValue invalid = InvalidValue.of(value);
            if (invalid != null) {
                return invalid;
            }
        }
        return null;
    }

    /**
     * What is wrong with a value that is no finite float.
     *
     * @param value null when it is missing
     */
    static DataException notFinite(Object value, String column, Supplier<String> where) {
        if (value == null) {
            return DataException.ofValue(
                    InvalidValue.MISSING,
                    "%s, column '%s': the value is missing: fill it in or leave the row out",
                    where.get(),
                    column);
        }
        boolean large = value instanceof Number number && Double.isFinite(number.doubleValue());
        return DataException.ofValue(
                value instanceof Number number ? InvalidValue.of(number.doubleValue()) : null,
                "%s, column '%s': the value is %s, %s: %s it or leave the row out",
                where.get(),
                column,
                value,
                large ? "which a float cannot hold" : "not a finite number",
                large ? "scale" : "correct");
    }

    /**
     * A number or boolean.
     *
     * @param column it is from, for a message
     * @throws DataException when it is missing, or no finite float
     */
    static double number(Object value, String column, Supplier<String> where) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        double number = value == null ? Double.NaN : ((Number) value).doubleValue();
        if (!Float.isFinite((float) number)) {
            throw notFinite(value == null ? null : number, column, where);
        }
        return number;
    }
}
