package dev.backdraft.model;

/** Keys of a model's {@linkplain Model#provenance provenance} that are read again. */
public final class Provenance {
    /** Number of training rows. */
    public static final String TRAINING_ROWS = "trainingRows";

    /** Fingerprint of the rows that counted in training. */
    public static final String DATA = "dataFingerprint";

    /**
     * Fingerprint of all rows of the data, those kept for a test included; absent if it equals that of {@link #DATA}.
     */
    public static final String SOURCE = "sourceFingerprint";

    /** SHA-256 of the file of the model whose weights the training started from; absent if they were drawn. */
    public static final String INITIAL_MODEL = "initialModelSha256";

    private Provenance() {}
}
