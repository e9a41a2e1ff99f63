package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.status.api.v1.AccumulableInfo;
import org.apache.spark.status.api.v1.StageData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's pages show of a fit. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProgressInSparkTest {
    private static final ListSource SOURCE = new ListSource(() -> ListSource.threeClasses(211, false), 3, 5);
    private static final List<Example> ROWS = ListSource.threeClasses(211, false).stream()
            .filter(row -> row.weight() > 0)
            .toList();
    private static final TrainingRequest REQUEST = TrainingRequest.of(
            Network.perceptron(new Tanh(), 5, 7, 3),
            TrainingConfig.standard().withBatchSize(64).withLanes(4).withEpochs(2));

    private JavaSparkContext spark;
    private final List<Job> jobs = new CopyOnWriteArrayList<>();

    /** As Spark was told of it. */
    private record Job(int id, String group, String description) {}

    @BeforeEach
    void start() {
        spark = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.ui.liveUpdate.minFlushPeriod", "0ms"));
        spark.sc().addSparkListener(new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart event) {
                jobs.add(new Job(
                        event.jobId(),
                        event.properties().getProperty("spark.jobGroup.id"),
                        event.properties().getProperty("spark.job.description")));
            }
        });
    }

    @AfterEach
    void stop() {
        spark.close();
    }

    private Model fit(Aggregation aggregation, TrainingRequest request, TrainingListener... listeners) {
        return new SparkTraining(spark, aggregation)
                .train(request, ExampleRdd.of(spark, SOURCE), null, List.of(listeners));
    }

    private List<Job> jobs() throws Exception {
        spark.sc().listenerBus().waitUntilEmpty(10_000);
        return jobs;
    }

    /** Accumulators by name, of all stages in the order of their numbers. */
    private List<Map<String, String>> figures() throws Exception {
        spark.sc().listenerBus().waitUntilEmpty(10_000);
        List<Map<String, String>> figures = new ArrayList<>();
        for (int id = 0; id < 1000; id++) {
            StageData stage = stage(id);
            if (stage == null) {
                return figures;
            }
            Map<String, String> values = new TreeMap<>();
            for (AccumulableInfo info : CollectionConverters.asJava(stage.accumulatorUpdates())) {
                values.put(info.name(), info.value());
            }
            if (!values.isEmpty()) {
                figures.add(values);
            }
        }
        throw new AssertionError("no end of stages");
    }

    private StageData stage(int id) {
        return spark.sc()
                .statusStore()
                .asOption(() -> spark.sc().statusStore().lastStageAttempt(id))
                .getOrElse(() -> null);
    }

    @Test
    void aJobOfAStepTellsWhichStepItIs() throws Exception {
        fit(Aggregation.JOB, REQUEST.withValidationFraction(0.2));
        List<String> descriptions = jobs().stream().map(Job::description).toList();
        assertThat(descriptions)
                .containsSubsequence(
                        "Backdraft: reading and sorting rows",
                        "Backdraft: epoch 1/2, batch 1",
                        "Backdraft: epoch 1/2, batch 2",
                        "Backdraft: validation after epoch 1/2",
                        "Backdraft: epoch 2/2, batch 1",
                        "Backdraft: validation after epoch 2/2");
        String group = jobs.get(0).group();
        assertThat(group).startsWith("backdraft-fit-");
        assertThat(jobs).extracting(Job::group).containsOnly(group);
        assertThat(spark.statusTracker().getJobIdsForGroup(group)).hasSize(jobs.size());
        assertThat(spark.getLocalProperty("spark.jobGroup.id")).isNull();
        assertThat(spark.getLocalProperty("spark.job.description")).isNull();
    }

    @Test
    void theJobWhoseTasksStayTellsWhereItBegan() throws Exception {
        fit(Aggregation.RESIDENT, REQUEST);
        assertThat(jobs()).last().satisfies(job -> assertThat(job.description())
                .isEqualTo("Backdraft: epoch 1/2, batch 1 and later: resident workers"));
    }

    @ParameterizedTest
    @EnumSource(names = {"JOB", "RESIDENT"})
    void labelsOfTheCallerStay(Aggregation aggregation) throws Exception {
        spark.setJobGroup("mine", "my experiment");
        TrainingListener ownJob = result -> spark.parallelize(List.of(1)).count();
        fit(aggregation, REQUEST, ownJob);
        assertThat(jobs()).extracting(Job::group).containsOnly("mine");
        assertThat(jobs)
                .extracting(Job::description)
                .contains("my experiment: epoch 1/2, batch 1"
                        + (aggregation == Aggregation.RESIDENT ? " and later: resident workers" : ""));
        assertThat(jobs)
                .extracting(Job::description)
                .filteredOn("my experiment"::equals)
                .hasSize(2); // the listener's
        assertThat(spark.getLocalProperty("spark.jobGroup.id")).isEqualTo("mine");
        assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("my experiment");
    }

    @Test
    void labelsAreTheCallersAgainWhenAFitFails() {
        spark.setJobDescription("my experiment");
        TrainingRequest tooWide = TrainingRequest.of(Network.perceptron(new Tanh(), 6, 3), REQUEST.config());
        assertThatThrownBy(() -> fit(Aggregation.AUTO, tooWide)).isInstanceOf(DataException.class);
        assertThat(spark.getLocalProperty("spark.jobGroup.id")).isNull();
        assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("my experiment");
    }

    @ParameterizedTest
    @EnumSource(names = {"JOB", "RESIDENT"})
    void cancellingTheGroupOfTheCallerCancelsTheFit(Aggregation aggregation) {
        spark.setJobGroup("mine", "my experiment");
        assertCancelled(aggregation, () -> "mine");
    }

    @ParameterizedTest
    @EnumSource(names = {"JOB", "RESIDENT"})
    void cancellingTheFitsOwnGroupCancelsIt(Aggregation aggregation) {
        assertCancelled(aggregation, () -> jobs.get(0).group());
    }

    private void assertCancelled(Aggregation aggregation, Supplier<String> group) {
        Thread[] canceller = new Thread[1];
        TrainingListener cancelling = result -> {
            if (canceller[0] == null) {
                canceller[0] = new Thread(() -> {
                    while (!Thread.currentThread().isInterrupted()) { // between two jobs there is nothing to cancel
                        spark.cancelJobGroup(group.get());
                    }
                });
                canceller[0].start();
            }
        };
        TrainingRequest forever =
                TrainingRequest.of(REQUEST.network(), REQUEST.config().withEpochs(1_000_000));
        try {
            assertThatThrownBy(() -> fit(aggregation, forever, cancelling))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("cancelled");
        } finally {
            canceller[0].interrupt();
        }
    }

    @Test
    void stagesOfAJobPerStepShowWhatIsDoneByTheirEnd() throws Exception {
        List<EpochResult> results = new ArrayList<>();
        fit(Aggregation.JOB, REQUEST, results::add);
        List<Map<String, String>> figures = figures().stream()
                .filter(of -> of.containsKey("Backdraft: rows"))
                .toList();
        assertThat(figures).hasSize(8); // steps
        assertThat(figures.get(0)).containsEntry("Backdraft: rows", "64").containsEntry("Backdraft: steps", "1");
        assertThat(figures.get(7))
                .containsEntry("Backdraft: rows", Integer.toString(2 * ROWS.size()))
                .containsEntry("Backdraft: steps", "8");
        double weight = ROWS.stream().mapToDouble(Example::weight).sum();
        assertThat(Double.parseDouble(figures.get(7).get("Backdraft: sum of losses")))
                .isCloseTo(weight * (results.get(0).loss() + results.get(1).loss()), within(1e-9));
    }
}
