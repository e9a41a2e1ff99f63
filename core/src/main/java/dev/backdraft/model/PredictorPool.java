package dev.backdraft.model;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Predictors of one model for threads that score a few rows now and then: a thread takes one, uses it and gives it back. The
 * predictors live as long as the pool, not as long as the threads. Thread-safe.
 *
 * <pre>{@code
 * Predictor predictor = pool.take();
 * try {
 *     … // results are read before the predictor is given back
 * } finally {
 *     pool.give(predictor);
 * }
 * }</pre>
 */
public final class PredictorPool {
    private static final int PLACES = 2 * Runtime.getRuntime().availableProcessors(); // more at once are not kept

    private final Model model;
    private final int rows;
    private final AtomicReferenceArray<Predictor> idle = new AtomicReferenceArray<>(PLACES);

    /** @param rows that each predictor has room for, at least 1 */
    public PredictorPool(Model model, int rows) {
        this.model = model;
        this.rows = rows;
    }

    /** A predictor for this thread alone until it gives it back; a new one when all are in use. */
    public Predictor take() {
        int own = own();
        for (int i = 0; i < PLACES; i++) {
            int place = (own + i) % PLACES;
            if (idle.get(place) != null) {
                Predictor predictor = idle.getAndSet(place, null);
                if (predictor != null) {
                    return predictor;
                }
            }
        }
        return model.predictor(rows);
    }

    /** Takes a predictor of this pool back; what it returned is overwritten by its next user. */
    public void give(Predictor predictor) {
        int own = own();
        for (int i = 0; i < PLACES; i++) {
            if (idle.compareAndSet((own + i) % PLACES, null, predictor)) {
                return;
            }
        }
    }

    /** Where this thread looks first, so that it mostly finds the one it used last. */
    @SuppressWarnings("deprecation") // threadId() is of Java 19
    private static int own() {
        return (int) (Thread.currentThread().getId() % PLACES);
    }
}
