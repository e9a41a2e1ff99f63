package dev.backdraft.spark.data;

import dev.backdraft.data.Example;
import dev.backdraft.data.RowKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Rows in canonical order over the partitions of an RDD, and how many each partition has. The same order that {@code
 * dev.backdraft.data.Blocks} makes in memory: sorted by {@link RowKey}, further copies of a row moved to the place of their own
 * key.
 *
 * <p>One shuffle of all rows; a second one of the copies alone, when there are any. Sorting spills to disk as Spark does.
 */
final class CanonicalRows {
    private final JavaRDD<byte[]> rows;
    private final long[] counts;

    private CanonicalRows(JavaRDD<byte[]> rows, long[] counts) {
        this.rows = rows;
        this.counts = counts;
    }

    /** Sorts rows whose labels are resolved; {@code parts} partitions come out. */
    static CanonicalRows of(JavaRDD<Example> examples, long seed, int parts) {
        KeyRanges ranges = new KeyRanges(parts);
        JavaPairRDD<RowKey, byte[]> keyed =
                examples.mapToPair(row -> new Tuple2<>(RowKey.of(seed, row), RowBytes.encode(row)));
        JavaPairRDD<RowKey, byte[]> sorted = keyed.repartitionAndSortWithinPartitions(ranges);
        long[][] firstsAndCopies = counts(sorted.mapPartitions(CanonicalRows::countFirstsAndCopies));
        long copies = 0;
        for (long[] count : firstsAndCopies) {
            copies += count[1];
        }
        if (copies == 0) {
            long[] counts = new long[parts];
            for (int i = 0; i < parts; i++) {
                counts[i] = firstsAndCopies[i][0];
            }
            return new CanonicalRows(sorted.values(), counts);
        }
        JavaPairRDD<RowKey, byte[]> moved = sorted.mapPartitionsToPair(rows -> new CopyFilter(rows, true))
                .repartitionAndSortWithinPartitions(ranges);
        JavaRDD<byte[]> merged =
                sorted.zipPartitions(moved, (kept, others) -> new Merge(new CopyFilter(kept, false), others));
        long[][] totals = counts(
                merged.mapPartitions(rows -> List.of(new long[] {count(rows)}).iterator()));
        long[] counts = new long[parts];
        for (int i = 0; i < parts; i++) {
            counts[i] = totals[i][0];
        }
        return new CanonicalRows(merged, counts);
    }

    /** The rows as {@link RowBytes}, partition after partition. */
    JavaRDD<byte[]> rows() {
        return rows;
    }

    /** Number of rows of each partition. */
    long[] counts() {
        return counts;
    }

    private static long[][] counts(JavaRDD<long[]> onePerPartition) {
        return onePerPartition.collect().toArray(new long[0][]);
    }

    private static Iterator<long[]> countFirstsAndCopies(Iterator<Tuple2<RowKey, byte[]>> rows) {
        long all = 0;
        long firsts = 0;
        RowKey last = null;
        while (rows.hasNext()) {
            RowKey key = rows.next()._1();
            all++;
            if (!key.equals(last)) {
                firsts++;
                last = key;
            }
        }
        return List.of(new long[] {firsts, all - firsts}).iterator();
    }

    private static long count(Iterator<byte[]> rows) {
        long count = 0;
        while (rows.hasNext()) {
            rows.next();
            count++;
        }
        return count;
    }

    /** Of sorted rows: the first of each run of equal keys, or the others under keys of their own. */
    private static final class CopyFilter implements Iterator<Tuple2<RowKey, byte[]>> {
        private final Iterator<Tuple2<RowKey, byte[]>> rows;
        private final boolean copies;
        private RowKey run;
        private long copy;
        private Tuple2<RowKey, byte[]> next;

        CopyFilter(Iterator<Tuple2<RowKey, byte[]>> rows, boolean copies) {
            this.rows = rows;
            this.copies = copies;
        }

        @Override
        public boolean hasNext() {
            while (next == null && rows.hasNext()) {
                Tuple2<RowKey, byte[]> row = rows.next();
                copy = row._1().equals(run) ? copy + 1 : 0;
                run = row._1();
                if (copy > 0 == copies) {
                    next = new Tuple2<>(run.copy(copy), row._2());
                }
            }
            return next != null;
        }

        @Override
        public Tuple2<RowKey, byte[]> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Tuple2<RowKey, byte[]> row = next;
            next = null;
            return row;
        }
    }

    /** Two runs of sorted rows as one. */
    private static final class Merge implements Iterator<byte[]> {
        private final List<Iterator<Tuple2<RowKey, byte[]>>> runs;
        private final List<Tuple2<RowKey, byte[]>> heads = new ArrayList<>();

        Merge(Iterator<Tuple2<RowKey, byte[]>> a, Iterator<Tuple2<RowKey, byte[]>> b) {
            runs = List.of(a, b);
            heads.add(head(a));
            heads.add(head(b));
        }

        private static Tuple2<RowKey, byte[]> head(Iterator<Tuple2<RowKey, byte[]>> run) {
            return run.hasNext() ? run.next() : null;
        }

        @Override
        public boolean hasNext() {
            return heads.get(0) != null || heads.get(1) != null;
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Tuple2<RowKey, byte[]> a = heads.get(0);
            Tuple2<RowKey, byte[]> b = heads.get(1);
            int smaller = b == null || (a != null && a._1().compareTo(b._1()) < 0) ? 0 : 1;
            byte[] row = heads.get(smaller)._2();
            heads.set(smaller, head(runs.get(smaller)));
            return row;
        }
    }
}
