package dev.backdraft.spark.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.param.shared.HasProbabilityCol;

/**
 * The parameters of {@link MultiLabelNeuralNetworkClassifier} and its models beside those of all estimators and models.
 */
public interface MultiLabelParams extends NeuralNetworkParams, HasProbabilityCol {
    /** The columns of the labels, one a label, instead of one column of arrays or vectors. */
    StringArrayParam labelCols();

    default String[] getLabelCols() {
        return $(labelCols());
    }

    @Override
    @SuppressWarnings({"checkstyle:MethodName", "MethodName"}) // scalac's name
    default void org$apache$spark$ml$param$shared$HasProbabilityCol$_setter_$probabilityCol_$eq(
            Param<String> ignored) {}
}
