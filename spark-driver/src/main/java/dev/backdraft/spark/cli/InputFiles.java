package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.json.NearMiss;
import dev.backdraft.spark.storage.Storage;
import dev.backdraft.spark.storage.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The files that a name stands for, local or of any file system that Hadoop knows. */
final class InputFiles {
    private static final int LONGEST_TEXT = 16 << 20;

    private InputFiles() {}

    /**
     * Finds the files of a data set.
     *
     * @throws DataException when there is nothing of this name
     */
    static DataFiles find(String name) throws IOException {
        return find(name, "file or directory");
    }

    /** @param what is looked for, for the message when there is nothing */
    private static DataFiles find(String name, String what) throws IOException {
        Storage storage = Storage.of(name);
        StoredFile root = storage.find(name);
        if (root == null) {
            throw missing(storage, name, what);
        }
        if (!root.isDirectory()) {
            return new DataFiles(name, false, List.of(root.data()), List.of(), List.of(), List.of(), 0);
        }
        Finder finder = new Finder(storage);
        finder.descend(root.name(), 0, true);
        return new DataFiles(
                name, true, finder.files, finder.partitioned, finder.nested, List.copyOf(finder.columns), finder.empty);
    }

    /**
     * The one file of this name.
     *
     * @param what it is, for the message when there is none
     */
    static DataFile one(String name, String what) throws IOException {
        DataFiles found = find(name, what);
        if (found.isDirectory()) {
            throw new UsageException(name + ": is a directory, but must be a " + what);
        }
        return found.files().get(0);
    }

    /** The text of a small file, UTF-8. */
    static String readText(String name) throws IOException {
        try (InputStream in = one(name, "file").open()) {
            byte[] bytes = in.readNBytes(LONGEST_TEXT + 1);
            if (bytes.length > LONGEST_TEXT) {
                throw new UsageException(
                        name + ": is larger than " + (LONGEST_TEXT >> 20) + " MiB: is it the right file?");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UsageException(name + ": is not UTF-8 text");
        }
    }

    private static DataException missing(Storage storage, String name, String what) throws IOException {
        String wanted = name.substring(name.lastIndexOf('/') + 1);
        List<String> names = neighbors(storage, name).stream()
                .map(StoredFile::fileName)
                .filter(InputFiles::isVisible)
                .sorted()
                .toList();
        return new DataException(
                "%s: no such %s%s", name, what, wanted.isEmpty() ? "" : NearMiss.suggestion(wanted, names));
    }

    /** What is in the directory that should have a file. */
    private static List<StoredFile> neighbors(Storage storage, String name) throws IOException {
        try {
            String parent = storage.parent(name);
            return parent != null && storage.isDirectory(parent) ? storage.list(parent) : List.of();
        } catch (FileNotFoundException | DataException e) {
            return List.of(); // they only help to find the right name
        }
    }

    /** Gathers the files of a directory and those below it. */
    private static final class Finder {
        private static final int DEEPEST = 32; // a link to a directory above would go on forever

        private final Storage storage;
        private final List<DataFile> files = new ArrayList<>();
        private final List<DataFile> partitioned = new ArrayList<>();
        private final List<DataFile> nested = new ArrayList<>();
        private final Set<String> columns = new LinkedHashSet<>();
        private int empty;

        Finder(Storage storage) {
            this.storage = storage;
        }

        void descend(String directory, int depth, boolean ofPartitions) throws IOException {
            if (depth > DEEPEST) {
                throw new DataException(
                        "%s: directories are nested too deeply: is there a link to one above?", directory);
            }
            List<StoredFile> entries = new ArrayList<>(storage.list(directory));
            entries.sort(Comparator.comparing(StoredFile::fileName));
            for (StoredFile entry : entries) {
                int equals = entry.fileName().indexOf('=');
                if (entry.isDirectory() && isVisibleDirectory(entry.fileName())) {
                    int before = partitioned.size();
                    descend(entry.name(), depth + 1, ofPartitions && equals > 0);
                    if (ofPartitions && equals > 0 && partitioned.size() > before) {
                        columns.add(entry.fileName().substring(0, equals));
                    }
                } else if (!entry.isDirectory() && isVisible(entry.fileName())) {
                    add(entry, depth, ofPartitions);
                }
            }
        }

        private void add(StoredFile entry, int depth, boolean ofPartitions) {
            if (entry.length() == 0) {
                empty++;
            } else if (depth == 0) {
                files.add(entry.data());
            } else {
                (ofPartitions ? partitioned : nested).add(entry.data());
            }
        }
    }

    /** A partition's directory is read even if its column starts with an underscore, as Spark does. */
    private static boolean isVisibleDirectory(String name) {
        return isVisible(name) || (name.startsWith("_") && name.contains("="));
    }

    /** Spark and Hadoop leave markers such as _SUCCESS and .crc files beside the data. */
    private static boolean isVisible(String name) {
        return !name.startsWith("_") && !name.startsWith(".");
    }
}
