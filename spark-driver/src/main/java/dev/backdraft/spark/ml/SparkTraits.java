package dev.backdraft.spark.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasHandleInvalid;
import org.apache.spark.ml.param.shared.HasMaxIter;
import org.apache.spark.ml.param.shared.HasSeed;
import org.apache.spark.ml.param.shared.HasStepSize;
import org.apache.spark.ml.param.shared.HasTol;
import org.apache.spark.ml.param.shared.HasValidationIndicatorCol;
import org.apache.spark.ml.param.shared.HasWeightCol;

/**
 * Spark's own traits of parameters, which parts of Spark look for ({@code HasWeightCol}, for one). The traits' initializers
 * would hand their parameters to the setters below; they never run, as {@link ParamSet} makes the parameters, with our words.
 * Not for users.
 */
@SuppressWarnings({"checkstyle:MethodName", "MethodName"}) // scalac's names
public interface SparkTraits
        extends HasMaxIter, HasStepSize, HasTol, HasSeed, HasWeightCol, HasValidationIndicatorCol, HasHandleInvalid {
    @Override
    default void org$apache$spark$ml$param$shared$HasMaxIter$_setter_$maxIter_$eq(IntParam ignored) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasStepSize$_setter_$stepSize_$eq(DoubleParam ignored) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasTol$_setter_$tol_$eq(DoubleParam ignored) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasSeed$_setter_$seed_$eq(LongParam ignored) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(Param<String> ignored) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasValidationIndicatorCol$_setter_$validationIndicatorCol_$eq(
            Param<String> ignored) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasHandleInvalid$_setter_$handleInvalid_$eq(Param<String> ignored) {}
}
