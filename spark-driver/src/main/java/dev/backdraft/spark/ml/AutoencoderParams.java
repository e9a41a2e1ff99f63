package dev.backdraft.spark.ml;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** The parameters of {@link Autoencoder} and its models beside those of all estimators and models. */
public interface AutoencoderParams extends NeuralNetworkParams {
    /** The number of units of the code. */
    IntParam codeSize();

    default int getCodeSize() {
        return (Integer) $(codeSize());
    }

    /** The column for the error of each row's reconstruction. */
    Param<String> reconstructionErrorCol();

    default String getReconstructionErrorCol() {
        return $(reconstructionErrorCol());
    }
}
