package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.json.NearMiss;
import dev.backdraft.spark.data.HadoopFile;
import dev.backdraft.spark.data.HadoopFileSystems;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;

/** The files that a name stands for, local or of any file system that Hadoop knows. */
final class InputFiles {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

    private static final int LONGEST_TEXT = 16 << 20;

    private InputFiles() {}

    /** Whether a name is a URI, for Hadoop, and no local path. */
    static boolean isUri(String name) {
        return SCHEME.matcher(name).matches();
    }

    /**
     * Finds the files of a data set.
     *
     * @throws DataException when there is nothing of this name
     */
    static DataFiles find(String name) throws IOException {
        Tree tree = isUri(name) ? new HadoopTree() : new LocalTree();
        Entry root = tree.root(name);
        if (!root.isDirectory()) {
            return new DataFiles(name, false, List.of(root.file()), List.of(), List.of(), List.of(), 0);
        }
        Finder finder = new Finder(tree);
        finder.descend(root.path(), 0, true);
        return new DataFiles(
                name, true, finder.files, finder.partitioned, finder.nested, List.copyOf(finder.columns), finder.empty);
    }

    /** The one file of this name. */
    static DataFile one(String name) throws IOException {
        DataFiles found = find(name);
        if (found.isDirectory()) {
            throw new UsageException(name + ": is a directory, but must be a file");
        }
        return found.files().get(0);
    }

    /** The text of a small file, UTF-8. */
    static String readText(String name) throws IOException {
        try (InputStream in = one(name).open()) {
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

    /** A file or directory. */
    private record Entry(String path, String fileName, boolean isDirectory, long length, DataFile file) {}

    /** The directories of a file system. */
    private interface Tree {
        Entry root(String name) throws IOException;

        List<Entry> list(String directory) throws IOException;
    }

    /** @param neighbors what is in the directory that should have it */
    private static DataException missing(String name, List<Entry> neighbors) {
        String wanted = name.substring(name.lastIndexOf('/') + 1);
        List<String> names = neighbors.stream()
                .map(Entry::fileName)
                .filter(InputFiles::isVisible)
                .sorted()
                .toList();
        return new DataException(
                "%s: no such file or directory%s", name, wanted.isEmpty() ? "" : NearMiss.suggestion(wanted, names));
    }

    private static final class LocalTree implements Tree {
        @Override
        public Entry root(String name) throws IOException {
            Path path = Path.of(name);
            if (!Files.exists(path)) {
                Path parent = path.toAbsolutePath().getParent();
                throw missing(name, Files.isDirectory(parent) ? list(parent.toString()) : List.of());
            }
            return entry(path);
        }

        @Override
        public List<Entry> list(String directory) throws IOException {
            List<Entry> entries = new ArrayList<>();
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(Path.of(directory))) {
                for (Path path : paths) {
                    if (Files.isDirectory(path) || Files.isRegularFile(path)) {
                        entries.add(entry(path));
                    }
                }
            }
            return entries;
        }

        private static Entry entry(Path path) throws IOException {
            boolean directory = Files.isDirectory(path);
            return new Entry(
                    path.toString(),
                    String.valueOf(path.getFileName()),
                    directory,
                    directory ? 0 : Files.size(path),
                    DataFile.local(path));
        }
    }

    private static final class HadoopTree implements Tree {
        @Override
        public Entry root(String name) throws IOException {
            org.apache.hadoop.fs.Path path = HadoopFileSystems.path(name);
            try {
                return entry(HadoopFileSystems.of(path).getFileStatus(path));
            } catch (FileNotFoundException e) {
                throw missing(name, neighbors(path));
            }
        }

        @Override
        public List<Entry> list(String directory) throws IOException {
            org.apache.hadoop.fs.Path path = HadoopFileSystems.path(directory);
            try {
                List<Entry> entries = new ArrayList<>();
                for (FileStatus status : HadoopFileSystems.of(path).listStatus(path)) {
                    entries.add(entry(status));
                }
                return entries;
            } catch (IllegalArgumentException e) { // of Hadoop's Path
                throw new DataException(
                        "%s: a file in this directory has a name that Hadoop cannot read, such as a name with a colon"
                                + " (%s): rename it",
                        directory, e.getMessage());
            }
        }

        private List<Entry> neighbors(org.apache.hadoop.fs.Path path) throws IOException {
            try {
                return path.getParent() == null
                        ? List.of()
                        : list(path.getParent().toString());
            } catch (FileNotFoundException | DataException e) {
                return List.of(); // they only help to find the right name
            }
        }

        private static Entry entry(FileStatus status) {
            String path = status.getPath().toString();
            return new Entry(
                    path, status.getPath().getName(), status.isDirectory(), status.getLen(), new HadoopFile(path));
        }
    }

    /** Gathers the files of a directory and those below it. */
    private static final class Finder {
        private static final int DEEPEST = 32; // a link to a directory above would go on forever

        private final Tree tree;
        private final List<DataFile> files = new ArrayList<>();
        private final List<DataFile> partitioned = new ArrayList<>();
        private final List<DataFile> nested = new ArrayList<>();
        private final Set<String> columns = new LinkedHashSet<>();
        private int empty;

        Finder(Tree tree) {
            this.tree = tree;
        }

        void descend(String directory, int depth, boolean ofPartitions) throws IOException {
            if (depth > DEEPEST) {
                throw new DataException(
                        "%s: directories are nested too deeply: is there a link to one above?", directory);
            }
            List<Entry> entries = new ArrayList<>(tree.list(directory));
            entries.sort(Comparator.comparing(Entry::fileName));
            for (Entry entry : entries) {
                int equals = entry.fileName().indexOf('=');
                if (entry.isDirectory() && isVisibleDirectory(entry.fileName())) {
                    int before = partitioned.size();
                    descend(entry.path(), depth + 1, ofPartitions && equals > 0);
                    if (ofPartitions && equals > 0 && partitioned.size() > before) {
                        columns.add(entry.fileName().substring(0, equals));
                    }
                } else if (!entry.isDirectory() && isVisible(entry.fileName())) {
                    add(entry, depth, ofPartitions);
                }
            }
        }

        private void add(Entry entry, int depth, boolean ofPartitions) {
            if (entry.length() == 0) {
                empty++;
            } else if (depth == 0) {
                files.add(entry.file());
            } else {
                (ofPartitions ? partitioned : nested).add(entry.file());
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
