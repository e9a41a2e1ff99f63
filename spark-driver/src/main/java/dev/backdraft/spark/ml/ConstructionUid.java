package dev.backdraft.spark.ml;

/**
 * The uid of the stage that this thread is constructing. Spark's Scala traits make their parameters inside {@code super()},
 * before a Java field can be set, and a parameter keeps the uid of its owner: so {@code uid()} must answer by then.
 *
 * <p>A constructor passes {@code stash(uid)} on to a private one, whose {@code super()} it so precedes.
 */
final class ConstructionUid {
    private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

    private ConstructionUid() {}

    /** Keeps a uid until the next construction; returned. */
    static String stash(String uid) {
        CURRENT.set(uid);
        return uid;
    }

    /** The uid of a stage: its field, or while that is null the uid that is stashed. */
    static String of(String field) {
        return field == null ? CURRENT.get() : field;
    }
}
