package dev.backdraft.faults;

/**
 * How often the tests kill: a few times, as each kill takes seconds. {@code -Dbackdraft.faults.kills=20} makes it 20.
 */
final class Kills {
    static final int COUNT = Integer.getInteger("backdraft.faults.kills", 4);

    private Kills() {}
}
