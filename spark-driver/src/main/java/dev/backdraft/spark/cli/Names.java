package dev.backdraft.spark.cli;

import java.util.Iterator;

/** The names that help texts list, as the catalogues have them, users' own included. */
final class Names {
    private Names() {}

    /** Of activations. */
    static final class Activations implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return dev.backdraft.activation.Activations.CATALOG.list().iterator();
        }
    }

    /** Of initializers. */
    static final class Initializers implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return dev.backdraft.initializer.Initializers.CATALOG.list().iterator();
        }
    }

    /** Of losses. */
    static final class Losses implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return dev.backdraft.loss.Losses.CATALOG.list().iterator();
        }
    }

    /** Of metrics. */
    static final class Metrics implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return dev.backdraft.metric.Metrics.all().stream()
                    .map(dev.backdraft.metric.Metric::label)
                    .iterator();
        }
    }

    /** Of optimizers. */
    static final class Optimizers implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return dev.backdraft.optim.Optimizers.CATALOG.list().iterator();
        }
    }

    /** Of schedules. */
    static final class Schedules implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return dev.backdraft.schedule.Schedules.CATALOG.list().iterator();
        }
    }
}
