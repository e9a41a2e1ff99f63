package dev.backdraft.spark.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;

/** The CSV that the commands write: commas, quotes where a cell needs them, {@code \n} at the end of each line. */
final class CsvText {
    private CsvText() {}

    /** Writes records to a writer, and keeps none back. */
    static CsvWriter to(Writer writer) {
        return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(writer);
    }

    /** The lines of records. */
    static String lines(List<? extends Iterable<String>> records) {
        StringWriter lines = new StringWriter();
        CsvWriter csv = to(lines);
        records.forEach(csv::writeRecord);
        return lines.toString();
    }
}
