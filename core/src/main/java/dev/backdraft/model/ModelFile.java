package dev.backdraft.model;

import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads and writes model files. They have the layout of safetensors, which many tools can read: eight bytes with the
 * length of the header, little-endian; the header, JSON in UTF-8; the tensors, raw, little-endian, row-major.
 *
 * <p>{@code layers.<i>.weight} (F32) has the shape [in, out]: our W [out × in] is column-major, so its bytes are the
 * same. {@code layers.<i>.bias} has [out]. All parameters come first and in flat order. {@code
 * preprocessing.features.mean} and {@code .deviation} (F64), and the same of the label, follow when the model scales
 * them. Under {@code __metadata__} are {@code format}, {@code formatVersion}, {@code network} (JSON), {@code loss},
 * {@code featureNames} and {@code classNames} (JSON), {@code labelName}, the columns of a table that become the
 * features as {@code columns} (JSON), the columns that are {@linkplain Standardizer centered in double} as {@code
 * centeredFeatures} and {@code centeredLabels} (JSON, ascending, only when there are any), the {@linkplain
 * Model#threshold threshold} as {@code threshold} (only when the model has one of its own), the scores
 * and probabilities of its {@link CalibrationCurve} as {@code calibration} (JSON, only when it has one), and the
 * provenance as {@code provenance.<key>}. Since format version 2, {@code sha256.tensors} and {@code sha256.header} are
 * the checksums of the bytes of all tensors and of the {@linkplain Checksums rest of the header}; they are verified on
 * reading.
 *
 * <p>The same model gives the same bytes. Files may be untrusted: no class name is read from them, everything is
 * checked before memory is allocated for it, and a file is refused unless every byte of it belongs to this format.
 */
public final class ModelFile {
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
        SafetensorsHeader header = ModelHeader.of(model).toFile();
        ModelHeader.of(SafetensorsHeader.parse(header.toBytes())); // so that all that is written can be read
        SafetensorsWriter.write(header, tensors -> writeNumbers(model, tensors), out);
    }

    private static void writeNumbers(Model model, SafetensorsWriter tensors) throws IOException {
        tensors.write(model.sharedParameters());
        Preprocessing preprocessing = model.preprocessing();
        for (Standardizer standardizer : new Standardizer[] {preprocessing.features(), preprocessing.label()}) {
            if (standardizer != null) {
                tensors.write(standardizer.mean());
                tensors.write(standardizer.deviation());
            }
        }
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
            return Files.isRegularFile(path)
                    ? read(file, () -> new SafetensorsReader(in, FileKind.MODEL, file, Files.size(path)))
                    : read(in, file);
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
        return read(nameForMessages, () -> new SafetensorsReader(stream, FileKind.MODEL, nameForMessages));
    }

    /**
     * Reads a stream to its end, as {@link #read(InputStream, String)} does, and says whether its checksums were
     * verified: files of the first format version have none.
     */
    public static Contents readContents(InputStream stream, String nameForMessages) throws IOException {
        return contents(nameForMessages, () -> new SafetensorsReader(stream, FileKind.MODEL, nameForMessages));
    }

    /**
     * What was read.
     *
     * @param verified whether the file has the SHA-256 of its tensors and header, which were found right
     */
    public record Contents(Model model, boolean verified) {}

    /** Opens a file: reads its header. */
    private interface Opening {
        SafetensorsReader open() throws IOException;
    }

    private static Model read(String file, Opening opening) throws ModelFileException {
        return contents(file, opening).model();
    }

    private static Contents contents(String file, Opening opening) throws ModelFileException {
        try {
            SafetensorsReader reader = opening.open();
            ModelHeader.checkFormat(reader.header(), file);
            Checksums.verifyHeader(reader.header());
            ModelHeader header = ModelHeader.of(reader.header());
            reader.begin(header.layout().length());
            return new Contents(header.read(reader), Checksums.areIn(reader.header()));
        } catch (IllegalArgumentException e) {
            throw ModelFileException.damaged(file, e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(file, e);
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
