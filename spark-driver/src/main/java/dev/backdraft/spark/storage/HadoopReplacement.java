package dev.backdraft.spark.storage;

import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a file of a Hadoop file system in the safest way that the file system has. Hadoop has three:
 *
 * <ol>
 *   <li>An object store whose streams can be aborted, such as S3A, publishes a file when its stream is closed. The file
 *   is written in its place.
 *   <li>A rename that overwrites at once, as HDFS has it. The file is written under another name first.
 *   <li>Otherwise Hadoop's own rename with overwriting deletes the old file first. Here, the old file is renamed before
 *   the new one takes its place, and deleted after that. Both contents exist at any time until then.
 * </ol>
 */
final class HadoopReplacement {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopReplacement.class);
    private static final String PREFIX = ".backdraft-";
    private static final String UNFINISHED = ".tmp";
    private static final String ASIDE = ".old";
    private static final Pattern HIDDEN =
            Pattern.compile(Pattern.quote(PREFIX) + "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\.[a-z]+)");
    private static final Duration DEAD_AFTER = Duration.ofDays(1);

    /** Directories that this process has looked at: once is enough, as each look lists all files. */
    private static final Set<Path> CLEANED = ConcurrentHashMap.newKeySet();

    private final FileSystem files;
    private final Path path;

    HadoopReplacement(FileSystem files, Path path) {
        this.files = files;
        this.path = files.makeQualified(path);
    }

    /**
     * Whether there is a file to replace.
     *
     * @throws IOException when something else is in its place
     */
    boolean isThere() throws IOException {
        try {
            FileStatus found = files.getFileStatus(path);
            if (!found.isFile()) {
                throw new IOException("it is " + (found.isDirectory() ? "a directory" : "no regular file"));
            }
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    void write(Storage.Content content) throws IOException {
        boolean replaces = isThere();
        if (publishesOnClose()) {
            writeInPlace(content);
            return;
        }
        removeDead();
        Path written = beside(UNFINISHED);
        try {
            try (OutputStream out = files.create(written, false)) {
                content.writeTo(out);
            }
            FileContext overwriting = overwriting();
            if (overwriting != null) {
                overwriting.rename(written, path, Options.Rename.OVERWRITE);
                return;
            }
        } catch (IOException | RuntimeException e) {
            deleteAfter(e, written);
            throw e;
        }
        exchange(written, replaces);
    }

    /** Whether a file appears when its stream is closed, and the old one remains if it is aborted. */
    boolean publishesOnClose() throws IOException {
        return files.hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM);
    }

    private void writeInPlace(Storage.Content content) throws IOException {
        FSDataOutputStream out = inPlace();
        try {
            content.writeTo(new Unclosed(out));
        } catch (IOException | RuntimeException e) {
            discard(out, e);
            throw e;
        }
        out.close();
    }

    /** A stream to the file itself. */
    FSDataOutputStream inPlace() throws IOException {
        return files.create(path, true);
    }

    /** Ends a stream to the file itself after a failure, without publishing what it has if that is possible. */
    void discard(FSDataOutputStream out, Exception failure) {
        try {
            if (publishesOnClose()) {
                out.abort();
            } else {
                out.close();
            }
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
        }
    }

    /** What renames over a file at once; null when the file system has no such thing. */
    private FileContext overwriting() {
        try {
            FileContext context = FileContext.getFileContext(path.toUri(), files.getConf());
            Class<?> type = context.getDefaultFileSystem().getClass();
            boolean own = type.getMethod("renameInternal", Path.class, Path.class, boolean.class)
                            .getDeclaringClass()
                    != AbstractFileSystem.class; // whose rename deletes the old file first
            return own ? context : null;
        } catch (UnsupportedFileSystemException | RuntimeException | ReflectiveOperationException e) {
            LOG.debug("{} has no rename that overwrites", path, e);
            return null;
        }
    }

    /** Puts a file that is written in the place of the old one, which has another name meanwhile. */
    private void exchange(Path written, boolean replaces) throws IOException {
        Path old = null;
        try {
            if (replaces) {
                Path aside = beside(ASIDE);
                rename(path, aside);
                old = aside;
            }
            rename(written, path);
        } catch (IOException | RuntimeException e) {
            if (old != null) {
                putBack(old, written, e);
            }
            deleteAfter(e, written);
            throw e;
        }
        if (old != null) {
            try {
                files.delete(old, false);
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} is replaced, but the old file cannot be deleted: {}", path, old, e);
            }
        }
    }

    private void putBack(Path old, Path written, Exception failure) throws IOException {
        try {
            rename(old, path);
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
            throw new IOException(
                    "cannot be replaced (" + failure.getMessage() + "): the old content is in " + old
                            + ", the new content in " + written + ": rename one of them",
                    failure);
        }
    }

    private void rename(Path from, Path to) throws IOException {
        if (!files.rename(from, to)) {
            throw new IOException("the file system refuses to rename " + from + " to " + to);
        }
    }

    private Path beside(String extension) {
        return new Path(path.getParent(), PREFIX + UUID.randomUUID() + extension);
    }

    /**
     * Removes what killed writers have left in the directory. Whether a writer is alive cannot be told, but no write
     * takes a day. Where an old content is hidden, too, the new one may be all that there is of a file, and is kept.
     */
    private void removeDead() {
        if (!CLEANED.add(path.getParent())) {
            return;
        }
        long latest = System.currentTimeMillis() - DEAD_AFTER.toMillis();
        try {
            FileStatus[] all = files.listStatus(path.getParent());
            if (Arrays.stream(all).anyMatch(status -> isHidden(status, ASIDE))) {
                return;
            }
            for (FileStatus status : all) {
                if (isHidden(status, UNFINISHED) && status.getModificationTime() < latest) {
                    LOG.info("removing {}, which a writer that is gone has left", status.getPath());
                    files.delete(status.getPath(), false);
                }
            }
        } catch (FileNotFoundException e) {
            LOG.debug("{} is not there yet", path.getParent());
        } catch (IOException | RuntimeException e) { // the writing matters, and tells what is wrong
            LOG.warn("cannot look in {} for files that killed writers have left: {}", path.getParent(), e.toString());
        }
    }

    private static boolean isHidden(FileStatus status, String extension) {
        Matcher name = HIDDEN.matcher(status.getPath().getName());
        return name.matches() && name.group(1).equals(extension);
    }

    private void deleteAfter(Exception failure, Path written) {
        try {
            files.delete(written, false);
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
        }
    }

    /** A stream for a writer that may close it: closing would publish what is not complete. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
