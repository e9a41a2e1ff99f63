package dev.backdraft.train.checkpoint;

import dev.backdraft.model.ModelFileException;
import dev.backdraft.model.TensorFile;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints of one training, a file each: {@code step-120.backdraft} holds the state after 120 updates. A file
 * has checksums of all that it holds, and is written whole or not at all, so whatever can be read is a checkpoint.
 *
 * <p>The training waits only while its arrays are copied; a thread of its own writes the file. While a file is being
 * written, a checkpoint in the middle of an epoch is postponed, and one at the end of an epoch waits for the file.
 * Where memory is too short for a copy, the training waits for each file. The last checkpoint, of the end of the
 * training, has been written when the training ends.
 *
 * <p>The checkpoints of a {@linkplain TrainingListener#ofRefit second training} are {@code refit-step-120.backdraft} …
 * They count only while the first training stays as it ended, so one that trains further removes them.
 *
 * <p>With {@link OnDivergence#ROLLBACK}, which goes back to the end of an epoch, checkpoints are of the ends of epochs
 * only.
 *
 * <p>For one training. Give it to the training as a listener, and {@link #start} as its start: a training that starts
 * otherwise removes the checkpoints that are there. {@link #write} may be called by any thread while no other uses the
 * state.
 */
public final class Checkpoints implements TrainingListener, AutoCloseable {
    private static final Pattern NAME = Pattern.compile("((?:refit-)?step-)([0-9]{1,18})\\.backdraft");
    private static final String FIRST = "step-"; // begins the names of files
    private static final String SECOND = "refit-step-"; // those of a second training
    private static final double NANOS_PER_MINUTE = 60e9;

    private final CheckpointFiles files;
    private final CheckpointPolicy policy;
    private final Consumer<String> warnings;
    private final String prefix; // of the names of files
    private final BackgroundWriter background = new BackgroundWriter();
    private final Object writing = new Object();
    private boolean continues; // the training, from one of these
    private Fit fit;
    private TrainingState copy; // for the background; null before the first checkpoint, and where memory is too short
    private boolean tooLarge;
    private long lastUpdates; // at the last checkpoint
    private long lastNanos;
    private long newest = -1; // updates of the state that was written last; guarded by writing
    private Checkpoints second; // of a second training; null before it is asked for

    /**
     * The checkpoints in a directory.
     *
     * @param warnings receives what the user should know: a damaged checkpoint, or one that could not be written
     */
    public Checkpoints(CheckpointFiles files, CheckpointPolicy policy, Consumer<String> warnings) {
        this(files, policy, warnings, FIRST);
    }

    private Checkpoints(CheckpointFiles files, CheckpointPolicy policy, Consumer<String> warnings, String prefix) {
        this.files = files;
        this.policy = policy;
        this.warnings = warnings;
        this.prefix = prefix;
    }

    private Checkpoints second() {
        if (second == null) {
            second = new Checkpoints(files, policy, warnings, SECOND);
        }
        return second;
    }

    /** Whether a directory has a checkpoint, even a damaged one. */
    public static boolean exist(CheckpointFiles files) throws IOException {
        return !numbers(files, FIRST).isEmpty();
    }

    /**
     * A start from the newest checkpoint that is not damaged, or from scratch when there is none at all. The same
     * holds for a second training, which also starts from scratch when all of its checkpoints are damaged.
     *
     * @param changed keys of {@link Checkpoint#changeable} settings that may differ from the checkpoint's
     */
    public TrainingStart start(Set<String> changed) {
        TrainingStart first = settled -> startOf(settled, changed);
        return first.withRefit(settled -> second().startOf(settled, changed));
    }

    private TrainingState startOf(Fit settled, Set<String> changed) throws IOException {
        TrainingState state = newest(settled, changed);
        continues = state != null;
        return continues ? state : TrainingStart.fromScratch().of(settled);
    }

    /**
     * The state of the newest checkpoint that is not damaged; null when there is none at all.
     *
     * @throws ModelFileException when it is of another training, or when all are damaged
     */
    public TrainingState newest(Fit settled, Set<String> changed) throws IOException {
        ModelFileException damage = null;
        for (long number : numbers(files, prefix)) {
            String name = name(number);
            TensorFile file;
            try (InputStream in = files.open(name)) {
                file = TensorFile.read(in, files.location(name));
            } catch (ModelFileException e) {
                warnings.accept(e.getMessage() + "; looking for an earlier checkpoint");
                damage = damage == null ? e : damage;
                continue;
            }
            return Checkpoint.read(settled, file, files.location(name), changed);
        }
        if (damage != null && prefix.equals(FIRST)) {
            throw damage;
        }
        return null;
    }

    /** Removes all of them, those of a second training too. */
    public void deleteAll() throws IOException {
        deleteAfter(-1);
        second().deleteAfter(-1);
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
        begin(state);
        try {
            deleteAfter(continues ? state.updates() : -1); // damaged ones, or those of an earlier training
            if (prefix.equals(FIRST) && !(continues && state.isOver(settled.config()))) {
                second().deleteAfter(-1); // another epoch may be the best one
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The checkpoints of a second training, which begins. */
    @Override
    public Checkpoints ofRefit() {
        finishPending();
        copy = null; // its memory is for that of the second training
        return second();
    }

    private void begin(TrainingState state) {
        lastUpdates = state.updates();
        lastNanos = System.nanoTime();
    }

    @Override
    public void stepDone(TrainingState state) {
        CheckpointInterval interval = policy.interval();
        if (interval == null || background.isBusy()) {
            return;
        }
        finishPending(); // a failure is told at once
        if (isDueMidway(interval, state)) {
            writeInBackground(state);
        }
    }

    private boolean isDueMidway(CheckpointInterval interval, TrainingState state) {
        return switch (interval.unit()) {
            case EPOCHS -> false;
            case STEPS -> mayBeMidway() && state.updates() - lastUpdates >= interval.count();
            case MINUTES -> mayBeMidway() && isTime(interval);
        };
    }

    private boolean mayBeMidway() {
        return fit.config().onDivergence() != OnDivergence.ROLLBACK;
    }

    private boolean isTime(CheckpointInterval interval) {
        return System.nanoTime() - lastNanos >= interval.count() * NANOS_PER_MINUTE;
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        CheckpointInterval interval = policy.interval();
        boolean isLast = state.epoch() == result.epochs() || state.isStopped();
        if (isLast && (interval != null || continues)) { // else a training would continue from the same place again
            writeNow(state);
        } else if (!isLast && interval != null && isDue(interval, state)) {
            writeInBackground(state);
        }
    }

    private boolean isDue(CheckpointInterval interval, TrainingState state) {
        return switch (interval.unit()) {
            case EPOCHS -> state.epoch() % interval.count() == 0;
            case STEPS -> state.updates() - lastUpdates >= interval.count();
            case MINUTES -> isTime(interval);
        };
    }

    private void writeInBackground(TrainingState state) {
        finishPending();
        begin(state);
        if (!isCopied(state)) {
            writeNow(state);
            return;
        }
        background.begin(() -> write(copy));
    }

    /** Copies the state; false when memory is too short. */
    private boolean isCopied(TrainingState state) {
        try {
            if (copy == null && !tooLarge) {
                copy = TrainingState.start(fit.network(), fit.config());
            }
            if (copy != null) {
                state.copyTo(copy);
            }
        } catch (OutOfMemoryError e) {
            tooLarge = true;
            copy = null;
            warnings.accept("too little memory for a copy of the training, so it waits while a checkpoint is written");
        }
        return copy != null;
    }

    private void writeNow(TrainingState state) {
        finishPending();
        try {
            write(state);
        } catch (IOException e) {
            failed(e);
        }
    }

    private void finishPending() {
        try {
            background.await();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (policy.onFailure() == CheckpointPolicy.OnFailure.STOP) {
            throw new UncheckedIOException(e);
        }
        warnings.accept(e.getMessage() + "; the training continues");
    }

    /**
     * Writes a checkpoint, and removes those that are no longer kept. Returns when it is written.
     *
     * @param state read
     * @return false when its weights are not finite, so that nothing was written: the training will find out
     * @throws IOException with the place and the number of bytes that were written
     */
    public boolean write(TrainingState state) throws IOException {
        synchronized (writing) {
            boolean written = writeFile(state);
            removeOld();
            return written;
        }
    }

    /** As {@link #write}, but writes nothing when there is a checkpoint of this state or a later one. */
    public boolean writeUnlessNewer(TrainingState state) throws IOException {
        synchronized (writing) {
            List<Long> numbers = numbers(files, prefix);
            return (!numbers.isEmpty() && numbers.get(0) >= state.updates()) || write(state);
        }
    }

    /** As {@link #write}, and then removes the checkpoints of later states: a training continues from this one. */
    public boolean writeAsNewest(TrainingState state) throws IOException {
        synchronized (writing) {
            boolean written = writeFile(state);
            if (written) {
                deleteAfter(state.updates());
                removeOld();
            }
            return written;
        }
    }

    /** Whether the checkpoint that was written last is of this state. */
    public boolean isWritten(TrainingState state) {
        synchronized (writing) {
            return newest == state.updates();
        }
    }

    private boolean writeFile(TrainingState state) throws IOException {
        String name = name(state.updates());
        Counting[] out = new Counting[1];
        try {
            files.replace(name, stream -> {
                out[0] = new Counting(stream);
                Checkpoint.write(state, fit, out[0]);
            });
        } catch (ModelFileException e) {
            warnings.accept(e.getMessage());
            return false;
        } catch (IOException e) {
            String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "cannot write checkpoint %s after %,d bytes: %s",
                            files.location(name),
                            out[0] == null ? 0 : out[0].bytes,
                            cause),
                    e);
        }
        newest = state.updates();
        return true;
    }

    /** An old checkpoint that cannot be removed does no harm. */
    private void removeOld() {
        try {
            List<Long> numbers = numbers(files, prefix);
            for (long number : numbers.subList(Math.min(policy.keep(), numbers.size()), numbers.size())) {
                files.delete(name(number));
            }
        } catch (IOException e) {
            warnings.accept("cannot remove old checkpoints: " + e.getMessage());
        }
    }

    /**
     * Removes the checkpoints of later states, which a training that went back will not reach again.
     *
     * @param updates of the state that the training continues from
     */
    public void deleteAfter(long updates) throws IOException {
        synchronized (writing) {
            for (long number : numbers(files, prefix)) {
                if (number > updates) {
                    files.delete(name(number));
                }
            }
        }
    }

    /** The numbers of updates of the checkpoints, the greatest first. */
    private static List<Long> numbers(CheckpointFiles files, String prefix) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String file : files.list()) {
            Matcher matcher = NAME.matcher(file);
            if (matcher.matches() && file.equals(name(prefix, Long.parseLong(matcher.group(2))))) {
                numbers.add(Long.parseLong(matcher.group(2)));
            }
        }
        numbers.sort(Comparator.reverseOrder());
        return numbers;
    }

    private String name(long updates) {
        return name(prefix, updates);
    }

    private static String name(String prefix, long updates) {
        return prefix + updates + ".backdraft";
    }

    /** Waits for the checkpoint that is being written. */
    @Override
    public void close() {
        try {
            background.await();
        } catch (IOException e) {
            warnings.accept(e.getMessage());
        } finally {
            background.close();
            if (second != null) {
                second.close();
            }
        }
    }

    /** Counts the bytes of a file. */
    private static final class Counting extends FilterOutputStream {
        private long bytes;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            bytes++;
        }

        @Override
        public void write(byte[] values, int from, int length) throws IOException {
            out.write(values, from, length);
            bytes += length;
        }
    }
}
