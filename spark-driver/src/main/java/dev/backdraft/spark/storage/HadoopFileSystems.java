package dev.backdraft.spark.storage;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.internal.HadoopSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/**
 * The one way to Hadoop's file systems, configured as Spark is: by the Hadoop files on the class path and by {@code
 * spark.hadoop.*}. Settings are asked for where a file is opened and never stored, as they may hold secrets.
 */
public final class HadoopFileSystems {
    private static final Map<String, String> MODULES = Map.of(
            "s3a", "hadoop-aws",
            "abfs", "hadoop-azure",
            "abfss", "hadoop-azure",
            "wasb", "hadoop-azure",
            "wasbs", "hadoop-azure",
            "adl", "hadoop-azure-datalake",
            "cosn", "hadoop-cos",
            "oss", "hadoop-aliyun",
            "obs", "hadoop-huaweicloud");

    private HadoopFileSystems() {}

    /** Hadoop's settings of this JVM, as {@link HadoopSettings#current} finds them. */
    public static Configuration configuration() {
        return HadoopSettings.current();
    }

    /**
     * A name as Hadoop's path.
     *
     * @throws DataException when it is none
     */
    public static Path path(String name) {
        try {
            return new Path(name);
        } catch (IllegalArgumentException e) {
            throw new DataException("%s: is not a path that Hadoop can read (%s)", name, e.getMessage());
        }
    }

    /**
     * The file system of a path.
     *
     * @throws DataException when there is none for its scheme, with what to do
     */
    public static FileSystem of(Path path) throws IOException {
        return of(path, configuration());
    }

    /** The file system of a path, with the settings of the caller: those of a session, or of an application that it names. */
    public static FileSystem of(Path path, Configuration configuration) throws IOException {
        String scheme = path.toUri().getScheme();
        if ("http".equals(scheme) || "https".equals(scheme)) {
            throw new DataException("%s: web servers are not supported: download the file and name the copy", path);
        }
        FileSystem files = open(path, configuration);
        if (files instanceof LocalFileSystem && path.getName().contains(":")) { // its checksum files cannot be named
            throw new DataException(
                    "%s: Hadoop cannot use local names with a colon: give the path without file:, or rename the file",
                    path);
        }
        return files;
    }

    /** Opens a file to read. */
    static InputStream open(String name, Configuration configuration) throws IOException {
        Path path = path(name);
        try {
            return of(path, configuration).open(path);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            throw naming(name, e);
        }
    }

    /** A failure whose message contains the name: the messages of some file systems contain only the cause. */
    static IOException naming(String name, IOException failure) {
        String cause = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        boolean isNamed = cause.contains(path(name).toUri().getPath());
        return isNamed ? failure : new IOException("cannot access " + name + ": " + cause, failure);
    }

    private static FileSystem open(Path path, Configuration configuration) throws IOException {
        String named = path.toUri().getScheme();
        String scheme =
                named != null ? named : FileSystem.getDefaultUri(configuration).getScheme();
        try {
            return path.getFileSystem(configuration);
        } catch (UnsupportedFileSystemException e) {
            throw unsupported(path, scheme, e);
        } catch (RuntimeException | NoClassDefFoundError e) {
            if (isMissingClass(e)) {
                throw unsupported(path, scheme, e);
            }
            if (e instanceof IllegalArgumentException) { // such as a host that nobody knows
                throw refusal(e, "%s: the file system cannot be opened (%s)", path, e.getMessage());
            }
            throw e;
        }
    }

    private static boolean isMissingClass(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
                return true;
            }
        }
        return false;
    }

    private static DataException unsupported(Path path, String scheme, Throwable cause) {
        return refusal(
                cause, "%s: no file system is installed for %s: %s", path, scheme, remedy(scheme, MODULES.get(scheme)));
    }

    private static DataException refusal(Throwable cause, String message, Object... arguments) {
        DataException refusal = new DataException(message, arguments);
        refusal.initCause(cause);
        return refusal;
    }

    private static String remedy(String scheme, String module) {
        if (module != null) {
            return "its jar is missing: start with spark-submit --packages org.apache.hadoop:" + module + ":"
                    + VersionInfo.getVersion();
        }
        return switch (scheme) {
            case "s3", "s3n" -> "write s3a: instead of " + scheme + ":";
            case "gs" -> "add Google's Cloud Storage connector for Hadoop 3 with spark-submit --jars";
            default ->
                "correct the name, or add the jar of this file system with spark-submit --jars or --packages, and name"
                        + " its class with --conf spark.hadoop.fs." + scheme + ".impl";
        };
    }
}
