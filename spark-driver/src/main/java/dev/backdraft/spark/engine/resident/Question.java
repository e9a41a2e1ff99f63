package dev.backdraft.spark.engine.resident;

/**
 * What the workers are asked: the gradient of a step, or the measures of the validation rows. With the blocks it fixes the answer
 * bit for bit, whoever gives it.
 *
 * @param epoch counted from 1; 0 for {@link Kind#MEASURES}
 * @param step within the epoch; 0 for {@link Kind#MEASURES}
 * @param activeLanes of that step: the leaves of the tree; 0 for {@link Kind#MEASURES}
 * @param parameters read while the question is open
 */
record Question(Kind kind, int epoch, long step, int activeLanes, float[] parameters) {
    /** What is computed. */
    enum Kind {
        GRADIENT,
        MEASURES
    }

    static Question gradient(int epoch, long step, int activeLanes, float[] parameters) {
        return new Question(Kind.GRADIENT, epoch, step, activeLanes, parameters);
    }

    static Question measures(float[] parameters) {
        return new Question(Kind.MEASURES, 0, 0, 0, parameters);
    }
}
