package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;

/**
 * Reads the IDX files of MNIST and its relatives: unsigned bytes, one file of rows and one of labels, {@code .gz} too.
 *
 * <p>Every number in a header is a big-endian int: magic 2048 + d for d dimensions, then the d sizes; the bytes follow, last
 * dimension fastest. The first size is the number of rows, the product of the others the number of features (2051: pictures
 * of height × width). Labels have one dimension (2049). A feature is (float) (byte / 255.0), a label the byte. Source: LeCun,
 * Cortes and Burges, "The MNIST database of handwritten digits", FILE FORMATS.
 *
 * <p>Not thread-safe.
 */
public final class IdxReader implements ExampleReader {
    private static final float[] SCALED = new float[256];

    static {
        for (int i = 0; i < SCALED.length; i++) {
            SCALED[i] = (float) (i / 255.0);
        }
    }

    private final IdxFile rows;
    private final IdxFile labels;

    /** Opens a file of rows without labels. */
    public IdxReader(DataFile rows) throws IOException {
        this(rows, null);
    }

    /**
     * Opens both files.
     *
     * @param labels null: rows without labels
     * @throws DataException when a header is not one of IDX, or the files have different numbers of rows
     */
    public IdxReader(DataFile rows, DataFile labels) throws IOException {
        this.rows = IdxFile.ofRows(rows);
        try {
            this.labels = labels == null ? null : IdxFile.ofLabels(labels);
        } catch (IOException | RuntimeException e) {
            this.rows.close();
            throw e;
        }
        if (labels != null && this.labels.rows() != this.rows.rows()) {
            close();
            throw new DataException(
                    "%s has %d rows but %s has %d labels: they do not belong together",
                    rows.name(), this.rows.rows(), labels.name(), this.labels.rows());
        }
    }

    /** Number of features of every row. */
    public int featureCount() {
        return rows.width();
    }

    @Override
    public Example read() throws IOException {
        byte[] row = rows.next();
        byte[] label = labels == null ? null : labels.next();
        if (row == null) {
            return null;
        }
        float[] values = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            values[i] = SCALED[row[i] & 0xFF];
        }
        return Example.dense(values, label == null ? Double.NaN : label[0] & 0xFF);
    }

    @Override
    public String where() {
        return rows.where();
    }

    @Override
    public void close() throws IOException {
        try (rows) {
            if (labels != null) {
                labels.close();
            }
        }
    }
}
