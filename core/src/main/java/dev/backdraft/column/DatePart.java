package dev.backdraft.column;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** What can be read from a date, as a number. */
enum DatePart {
    /** Days since 1970, with a fraction. */
    DAY("day", 0),
    /** 0 on the first day of the year, with a fraction. */
    DAY_OF_YEAR("day of year", 366),
    /** 0 on the first day of the month. */
    DAY_OF_MONTH("day of month", 31),
    /** 0 on Mondays. */
    WEEKDAY("weekday", 7),
    /** Hours since midnight, with a fraction. */
    TIME_OF_DAY("time", 24);

    private static final double SECONDS_OF_DAY = 86_400;

    private final String text;
    private final double period;

    DatePart(String text, double period) {
        this.text = text;
        this.period = period;
    }

    String text() {
        return text;
    }

    /** After how many units it begins again; 0 for never. */
    double period() {
        return period;
    }

    /** Its value. */
    double of(double seconds) {
        double second = Math.floor(seconds);
        double inDay = seconds - SECONDS_OF_DAY * Math.floor(seconds / SECONDS_OF_DAY);
        if (this == DAY) {
            return seconds / SECONDS_OF_DAY;
        }
        if (this == TIME_OF_DAY) {
            return inDay / 3600;
        }
        LocalDateTime date = LocalDateTime.ofInstant(Instant.ofEpochSecond((long) second), ZoneOffset.UTC);
        return switch (this) {
            case DAY_OF_YEAR -> date.getDayOfYear() - 1 + inDay / SECONDS_OF_DAY;
            case DAY_OF_MONTH -> date.getDayOfMonth() - 1;
            default -> date.getDayOfWeek().getValue() - 1;
        };
    }
}
