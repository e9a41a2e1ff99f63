package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Dates as ISO 8601 writes them, and with a blank instead of the T: 2026-01-31, 2026-01-31 15:45,
 * 2026-01-31T15:45:10.5Z. A date without an offset is taken as if it were in UTC.
 */
final class DateText {
    static final int FIRST_YEAR = 1;
    static final int LAST_YEAR = 9999;

    private static final int DATE_LENGTH = 10;
    private static final double LOWEST = LocalDate.of(FIRST_YEAR, 1, 1).toEpochDay() * 86_400.0;
    private static final double HIGHEST = LocalDate.of(LAST_YEAR + 1, 1, 1).toEpochDay() * 86_400.0;

    private DateText() {}

    /** Whether a date is one that can be used. */
    static boolean isWithinRange(double seconds) {
        return seconds >= LOWEST && seconds < HIGHEST;
    }

    /** Seconds since 1970; NaN when the text is no date. */
    static double parse(String text) {
        String date = text.strip();
        if (date.length() < DATE_LENGTH || date.charAt(4) != '-' || date.charAt(7) != '-') {
            return Double.NaN;
        }
        try {
            if (date.length() == DATE_LENGTH) {
                return LocalDate.parse(date).toEpochDay() * 86_400.0;
            }
            String iso =
                    date.charAt(DATE_LENGTH) == ' ' ? date.substring(0, DATE_LENGTH) + "T" + date.substring(11) : date;
            boolean offset = iso.endsWith("Z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > DATE_LENGTH;
            return Cells.seconds(
                    offset
                            ? LocalDateTime.ofInstant(OffsetDateTime.parse(iso).toInstant(), ZoneOffset.UTC)
                            : LocalDateTime.parse(iso));
        } catch (DateTimeException e) {
            return Double.NaN;
        }
    }
}
