package dev.backdraft.spark.cli;

import dev.backdraft.spark.storage.DirectoryInUseException;
import dev.backdraft.spark.storage.DirectoryLock;
import dev.backdraft.spark.storage.Storage;
import dev.backdraft.spark.storage.StoredCheckpoints;
import dev.backdraft.spark.storage.StoredFile;
import dev.backdraft.train.checkpoint.Checkpoints;
import java.io.IOException;

/** The directory that a run writes into, local or of any file system that Hadoop knows. Made when the first file is written. */
final class RunDirectory {
    private final String name;

    private RunDirectory(String name) {
        this.name = name;
    }

    /**
     * Takes a directory for a new run.
     *
     * @param overwrite whether files of an earlier run may be replaced; other files are left alone
     * @throws UsageException when it has files and may not be overwritten, or is no directory
     */
    static RunDirectory forNewRun(String name, boolean overwrite) throws IOException {
        RunDirectory directory = new RunDirectory(name);
        if (!directory.isEmpty() && !overwrite) {
            throw new UsageException(name + ": this output directory is not empty: choose another"
                    + (directory.hasCheckpoint() ? ", add --resume to continue the training in it" : "")
                    + ", or add --overwrite to replace its files");
        }
        return directory;
    }

    /**
     * Opens the directory of a run to resume.
     *
     * @throws UsageException when there is no checkpoint in it
     */
    static RunDirectory toGoOn(String name) throws IOException {
        RunDirectory directory = new RunDirectory(name);
        if (!directory.hasCheckpoint()) {
            throw new UsageException(directory.checkpoints()
                    + ": there is no checkpoint to resume from: train with --checkpoint-every N first, or remove"
                    + " --resume");
        }
        return directory;
    }

    /**
     * Takes the directory of a run that resumes if it has a checkpoint, and starts otherwise. A run that ended before its first
     * checkpoint leaves a configuration and a history, which the new run replaces.
     *
     * @throws UsageException when there is a model but no checkpoint: the model is of a run that cannot be resumed
     */
    static RunDirectory toResumeOrStart(String name) throws IOException {
        RunDirectory directory = new RunDirectory(name);
        if (!directory.hasCheckpoint() && directory.model().exists()) {
            throw new UsageException(
                    directory.model()
                            + ": this run has a model but no checkpoint to resume from: choose another --out, or remove the model");
        }
        return directory;
    }

    /** The options that name this directory, for a command that goes on with its training. */
    String toResume() {
        return "train --resume --out " + Advice.quoted(name);
    }

    private boolean isEmpty() throws IOException {
        Storage storage = Storage.of(name);
        StoredFile found = storage.find(name);
        if (found == null) {
            return true;
        }
        if (!found.isDirectory()) {
            throw new UsageException(name + ": is a file, but the output is a directory: choose another name");
        }
        return storage.list(name).stream().allMatch(file -> file.fileName().equals(DirectoryLock.FILE));
    }

    /** Refuses a directory in which another training runs. */
    static void checkLock(String name, boolean waits) throws IOException {
        try {
            DirectoryLock.check(Storage.of(name), name, waits);
        } catch (DirectoryInUseException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Keeps other trainings out. */
    DirectoryLock lock() throws IOException {
        try {
            return DirectoryLock.take(Storage.of(name), name);
        } catch (DirectoryInUseException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** The trained model. */
    OutputFile model() {
        return file("model.backdraft");
    }

    /** The directory of the checkpoints to resume from. */
    String checkpoints() {
        return Storage.inside(name, "checkpoints");
    }

    /** Whether there is a checkpoint to resume from. */
    boolean hasCheckpoint() throws IOException {
        return Checkpoints.exist(StoredCheckpoints.of(checkpoints()));
    }

    /** All settings. */
    OutputFile config() {
        return file("config.json");
    }

    /** A line for each epoch. */
    OutputFile history() {
        return file("history.csv");
    }

    private OutputFile file(String fileName) {
        return new OutputFile(Storage.inside(name, fileName));
    }
}
