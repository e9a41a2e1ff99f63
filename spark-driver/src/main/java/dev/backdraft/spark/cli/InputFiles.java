package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataFile;
import dev.backdraft.spark.data.HadoopFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** The files behind a name: the file itself, or those of a directory but hidden ones, in the order of their names. */
final class InputFiles {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

    private static final int LONGEST_TEXT = 16 << 20;

    private InputFiles() {}

    /** Whether a name is a URI, for Hadoop, and no local path. */
    static boolean isUri(String name) {
        return SCHEME.matcher(name).matches();
    }

    static List<DataFile> list(String name) throws IOException {
        List<DataFile> files = isUri(name) ? ofHadoop(name) : ofPath(Path.of(name));
        if (files.isEmpty()) {
            throw new DataException("%s: there are no files in this directory", name);
        }
        return files;
    }

    /** The one file of this name. */
    static DataFile one(String name) throws IOException {
        List<DataFile> files = list(name);
        if (files.size() != 1 || (!isUri(name) && Files.isDirectory(Path.of(name)))) {
            throw new UsageException(name + ": is a directory, but must be a file");
        }
        return files.get(0);
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
            throw new UsageException(name + ": is no text in UTF-8");
        }
    }

    private static List<DataFile> ofPath(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new DataException("%s: no such file or directory", path);
        }
        if (!Files.isDirectory(path)) {
            return List.of(DataFile.local(path));
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(entry -> Files.isRegularFile(entry)
                            && isVisible(entry.getFileName().toString()))
                    .sorted()
                    .map(DataFile::local)
                    .toList();
        }
    }

    private static List<DataFile> ofHadoop(String name) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(name);
        FileSystem fileSystem = path.getFileSystem(new Configuration());
        if (!fileSystem.exists(path)) {
            throw new DataException("%s: no such file or directory", name);
        }
        List<DataFile> files = new ArrayList<>();
        for (FileStatus status : fileSystem.listStatus(path)) {
            if (status.isFile() && isVisible(status.getPath().getName())) {
                files.add(new HadoopFile(status.getPath().toString()));
            }
        }
        return files;
    }

    /** Spark and Hadoop leave markers such as _SUCCESS and .crc files beside the data. */
    private static boolean isVisible(String name) {
        return !name.startsWith("_") && !name.startsWith(".");
    }
}
