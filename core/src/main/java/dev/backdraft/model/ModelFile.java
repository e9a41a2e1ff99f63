package dev.backdraft.model;

import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads and writes model files. They have the layout of safetensors, which many tools can read: eight bytes with the length of
 * the header, little-endian; the header, JSON in UTF-8; the tensors, raw, little-endian, row-major.
 *
 * <p>{@code layers.<i>.weight} (F32) has the shape [in, out]: our W [out × in] is column-major, so its bytes are the same.
 * {@code layers.<i>.bias} has [out]. All parameters come first and in flat order. {@code preprocessing.features.mean} and
 * {@code .deviation} (F64), and the same of the label, follow when the model scales them. Under {@code __metadata__} are {@code
 * format}, {@code formatVersion}, {@code network} (JSON), {@code loss}, {@code featureNames} and {@code classNames} (JSON),
 * {@code labelName}, the columns that are {@linkplain Standardizer centered in double} as {@code centeredFeatures} and {@code
 * centeredLabels} (JSON, ascending, only when there are any), and the provenance as {@code provenance.<key>}.
 *
 * <p>The same model gives the same bytes. Files may be untrusted: no class name is read from them, everything is checked before
 * memory is allocated for it, and a file is refused unless every byte of it belongs to this format.
 */
public final class ModelFile {
    private static final int LARGEST_HEADER = StrictJson.LONGEST_TEXT;
    private static final long UNKNOWN = -1;

    private ModelFile() {}

    /**
     * Writes a file atomically: under a temporary name first, then renamed.
     *
     * @throws ModelFileException when writing fails; an existing file is unchanged
     */
    public static void write(Model model, Path path) throws IOException {
        try {
            AtomicFile.write(path, out -> write(model, out));
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelFileException(path.toString(), "cannot be written: " + reason(e), e);
        }
    }

    /**
     * Writes to a stream, which stays open.
     *
     * @throws IllegalArgumentException when the file could not be read again, for example because names are too long; nothing
     *     is written
     */
    public static void write(Model model, OutputStream out) throws IOException {
        byte[] header = ModelHeader.of(model).toFile().toBytes();
        if (header.length > LARGEST_HEADER) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "its names and provenance take %,d bytes, more than %,d",
                    header.length,
                    LARGEST_HEADER));
        }
        ModelHeader.of(SafetensorsHeader.parse(header)); // so that all that is written can be read
        byte[] length = new byte[Long.BYTES];
        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
        out.write(length);
        out.write(header);
        TensorOutput tensors = new TensorOutput(out);
        tensors.write(model.sharedParameters());
        Preprocessing preprocessing = model.preprocessing();
        for (Standardizer standardizer : new Standardizer[] {preprocessing.features(), preprocessing.label()}) {
            if (standardizer != null) {
                tensors.write(standardizer.mean());
                tensors.write(standardizer.deviation());
            }
        }
        out.flush();
    }

    /**
     * Reads a file.
     *
     * @throws ModelFileException when it cannot be read, or is not a model that this version can read
     */
    public static Model read(Path path) throws IOException {
        String file = path.toString();
        if (Files.isDirectory(path)) {
            throw new ModelFileException(file, "is a directory: name the model file in it", null);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, file, Files.isRegularFile(path) ? Files.size(path) : UNKNOWN);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads a stream to its end; it stays open.
     *
     * @param nameForMessages name of the file
     * @throws ModelFileException when it cannot be read, or is not a model that this version can read
     */
    public static Model read(InputStream stream, String nameForMessages) throws IOException {
        return read(new BufferedInputStream(stream), nameForMessages, UNKNOWN);
    }

    private static Model read(InputStream in, String file, long size) throws ModelFileException {
        try {
            byte[] bytes = readHeader(in, file);
            SafetensorsHeader safetensors = parse(bytes, file);
            ModelHeader.checkFormat(safetensors, file);
            ModelHeader header = ModelHeader.of(safetensors);
            long length = header.layout().length();
            long left = size == UNKNOWN ? length : size - Long.BYTES - bytes.length;
            if (left < length) {
                throw ModelFileException.truncated(file, length - left, true);
            }
            if (left > length) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "%,d bytes follow its last tensor", left - length));
            }
            Model model = header.read(new TensorInput(in, file, length, size != UNKNOWN));
            if (in.read() >= 0) {
                throw new IllegalArgumentException("more bytes follow its last tensor");
            }
            return model;
        } catch (IllegalArgumentException e) {
            throw ModelFileException.damaged(file, e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static byte[] readHeader(InputStream in, String file) throws IOException {
        byte[] start = in.readNBytes(Long.BYTES);
        if (start.length < Long.BYTES) {
            throw ModelFileException.foreign(
                    file, start.length == 0 ? "it is empty" : "it has only " + start.length + " bytes");
        }
        long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > LARGEST_HEADER) {
            throw ModelFileException.foreign(
                    file, "it starts with '" + new String(start, StandardCharsets.ISO_8859_1) + "'");
        }
        byte[] header = in.readNBytes((int) length); // takes memory as bytes come
        if (header.length > 0 && header[0] != '{') {
            throw ModelFileException.foreign(file, "its header does not start with '{'");
        }
        if (header.length < length) {
            throw ModelFileException.truncated(file, length - header.length, false);
        }
        return header;
    }

    private static SafetensorsHeader parse(byte[] header, String file) throws ModelFileException {
        try {
            return SafetensorsHeader.parse(header);
        } catch (IllegalArgumentException e) {
            throw ModelFileException.foreign(file, "its header cannot be read: " + e.getMessage());
        }
    }

    private static ModelFileException unreadable(String file, IOException e) {
        return e instanceof ModelFileException complete
                ? complete
                : new ModelFileException(file, "cannot be read: " + reason(e), e);
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory; check the path";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
