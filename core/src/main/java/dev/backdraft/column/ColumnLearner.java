package dev.backdraft.column;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Standardizer;
import java.util.ArrayList;
import java.util.List;

/** Decides what one column is and how it is encoded. */
final class ColumnLearner {
    private static final double NEARLY_ALL = 0.9;
    private static final int LARGEST_HASH = 1 << 14;
    private static final int STEPS = 256; // of the ranks of a column
    private static final double NORMAL_QUARTILES =
            1.349; // between the quartiles of a normal distribution of deviation 1

    private final String name;
    private final ColumnTally tally;
    private final ColumnSettings settings;
    private final Encoding encoding;
    private final RowSample sample;
    private final int place;
    private final long rows;

    ColumnLearner(String name, ColumnTally tally, ColumnSettings settings, RowSample sample, int place, long rows) {
        this.name = name;
        this.tally = tally;
        this.settings = settings;
        encoding = settings.encoding();
        this.sample = sample;
        this.place = place;
        this.rows = rows;
    }

    ColumnEncoder encoder() {
        return switch (kind()) {
            case NUMBER -> number();
            case CATEGORY -> category();
            case DATE -> date();
        };
    }

    private ColumnKind kind() {
        ColumnKind said = settings.kinds().get(name);
        long present = rows - tally.gapsAmongNumbers();
        if (tally.infinite() > 0 && said != ColumnKind.CATEGORY) {
            throw new DataException(
                    "column '%s': %,d of %,d cells are infinite: correct or empty them",
                    name, tally.infinite(), present);
        }
        if (said == ColumnKind.NUMBER && tally.numbers() < present) {
            throw new DataException(
                    "column '%s': %,d of %,d cells are not numbers, such as '%s': correct them, or call it a category",
                    name, present - tally.numbers(), present, tally.notNumber());
        }
        if (said == ColumnKind.DATE && tally.dates() < present) {
            throw new DataException(
                    "column '%s': %,d of %,d cells are not dates from the years %d to %d, such as '%s': correct them, or call it"
                            + " a category",
                    name, present - tally.dates(), present, DateText.FIRST_YEAR, DateText.LAST_YEAR, tally.notDate());
        }
        if (said != null) {
            return said;
        }
        if (tally.numbers() == present) {
            return ColumnKind.NUMBER;
        }
        if (tally.dates() == present) {
            return ColumnKind.DATE;
        }
        if (tally.numbers() >= NEARLY_ALL * present) {
            throw unclear("numbers", tally.numbers(), present, tally.notNumber());
        }
        if (tally.dates() >= NEARLY_ALL * present) {
            throw unclear("dates", tally.dates(), present, tally.notDate());
        }
        return ColumnKind.CATEGORY;
    }

    private DataException unclear(String what, long such, long present, String other) {
        return new DataException(
                "column '%s': %,d of %,d cells are %s, but others are not, such as '%s': correct or empty them, or say that the"
                        + " column is a category (%s=category)",
                name, such, present, what, other, name);
    }

    private boolean isUseless(boolean gaps) {
        return tally.isConstant() && !(gaps && tally.numbers() + tally.dates() > 0);
    }

    private ColumnEncoder number() {
        boolean gaps = tally.gapsAmongNumbers() > 0;
        if (isUseless(gaps)) {
            return new UnusedColumn(name, UnusedColumn.Reason.CONSTANT);
        }
        Quantiles quantiles = sample.quantiles(place, value -> value);
        double fill =
                switch (encoding.missing()) {
                    case MEDIAN -> quantiles.isEmpty() ? 0 : quantiles.at(0.5);
                    case MEAN -> moments().mean()[0];
                    case CONSTANT -> encoding.constant();
                };
        return switch (encoding.scaling()) {
            case ROBUST -> new NumberColumn(name, robust(quantiles), fill, gaps);
            case STANDARD -> {
                Standardizer scale = moments();
                yield new NumberColumn(
                        name, new NumberScale(scale.mean()[0], scale.deviation()[0], encoding.clip()), fill, gaps);
            }
            case QUANTILE_NORMAL, QUANTILE_UNIFORM -> ranked(quantiles, fill, gaps);
        };
    }

    private Standardizer moments() {
        if (tally.beyondMoments() > 0) {
            throw new DataException(
                    "column '%s': %,d of %,d cells are beyond %s, for which there is no mean and deviation: correct them, or"
                            + " choose another encoding of numbers and gaps (scaling=robust, missing=median)",
                    name, tally.beyondMoments(), rows - tally.gapsAmongNumbers(), Float.toString(Float.MAX_VALUE));
        }
        return tally.standardizer();
    }

    private QuantileColumn ranked(Quantiles quantiles, double fill, boolean gaps) {
        boolean normal = encoding.scaling() == Encoding.Scaling.QUANTILE_NORMAL;
        List<Double> values = new ArrayList<>();
        List<Double> ranks = new ArrayList<>();
        for (double[] point : quantiles.ranks(STEPS)) {
            values.add(point[0]);
            ranks.add(normal ? NormalQuantile.of(point[1]) : 2 * point[1] - 1);
        }
        return new QuantileColumn(name, values, ranks, fill, gaps);
    }

    /** Median and distance of the quartiles; of all values if half of them are equal. */
    private NumberScale robust(Quantiles quantiles) {
        if (quantiles.isEmpty()) {
            return new NumberScale(0, 1, encoding.clip());
        }
        double spread = (quantiles.at(0.75) - quantiles.at(0.25)) / NORMAL_QUARTILES;
        if (!(spread > 0)) {
            spread = (quantiles.highest() - quantiles.lowest()) / 2;
        }
        return new NumberScale(quantiles.at(0.5), spread > 0 && Double.isFinite(spread) ? spread : 1, encoding.clip());
    }

    private ColumnEncoder date() {
        boolean gaps = tally.gapsAmongNumbers() > 0;
        if (isUseless(gaps)) {
            return new UnusedColumn(name, UnusedColumn.Reason.CONSTANT);
        }
        List<DatePart> wanted = new ArrayList<>(List.of(DatePart.DAY, DatePart.DAY_OF_YEAR, DatePart.DAY_OF_MONTH));
        if (tally.hasTimes()) {
            wanted.add(DatePart.TIME_OF_DAY);
        }
        List<DateColumn.Part> parts = new ArrayList<>();
        for (DatePart part : wanted) {
            parts.add(new DateColumn.Part(part, robust(sample.quantiles(place, part::of))));
        }
        Quantiles dates = sample.quantiles(place, value -> value);
        double fill = dates.isEmpty() ? tally.lowest() : dates.at(0.5); // a sample may have none of few dates
        return new DateColumn(name, parts, tally.hasTimes(), fill, gaps);
    }

    private ColumnEncoder category() {
        if (tally.hasTooManyTexts()) {
            return new HashedColumn(name, LARGEST_HASH);
        }
        boolean gaps = tally.gaps() > 0;
        List<String> values = tally.frequent(encoding.minFrequency(), encoding.maxCategories());
        boolean rare = values.size() < tally.differentTexts();
        if (tally.differentTexts() + (gaps ? 1 : 0) < 2) {
            return new UnusedColumn(name, UnusedColumn.Reason.CONSTANT);
        }
        if (values.isEmpty()) {
            return new UnusedColumn(name, UnusedColumn.Reason.ALL_RARE);
        }
        String usual = tally.usual();
        return values.size() <= encoding.oneHotLimit()
                ? new OneHotColumn(name, values, gaps, rare, usual)
                : new CodeColumn(name, values, usual);
    }
}
