package dev.backdraft.spark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of this module. */
@AnalyzeClasses(packages = "dev.backdraft.spark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ENGINE = "dev.backdraft.spark.engine";
    private static final String JOB = ENGINE + ".resident";
    private static final String DRIVER = JOB + ".driver";
    private static final String EXECUTOR = JOB + ".executor";
    private static final String PROTOCOL = JOB + ".protocol";
    private static final String LOCAL = ENGINE + ".local";

    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("dev.backdraft.spark.cli..")
            .layer("ml")
            .definedBy("dev.backdraft.spark.ml..")
            .layer("rdd")
            .definedBy("dev.backdraft.spark.rdd..")
            .layer("sql")
            .definedBy("dev.backdraft.spark.sql..")
            .layer("explain")
            .definedBy("dev.backdraft.spark.explain..")
            .layer("score")
            .definedBy("dev.backdraft.spark.score..")
            .layer("engine")
            .definedBy("dev.backdraft.spark.engine..")
            .layer("data")
            .definedBy("dev.backdraft.spark.data..")
            .layer("storage")
            .definedBy("dev.backdraft.spark.storage..")
            .layer("demo")
            .definedBy("dev.backdraft.spark.demo..")
            .layer("internal")
            .definedBy("dev.backdraft.spark.internal..")
            .withOptionalLayers(true)
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("ml")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("rdd")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("sql")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("explain")
            .mayOnlyBeAccessedByLayers("ml", "cli")
            .whereLayer("score")
            .mayOnlyBeAccessedByLayers("ml", "rdd", "sql", "explain", "cli")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("ml", "rdd", "cli")
            .whereLayer("data")
            .mayOnlyBeAccessedByLayers("engine", "score", "ml", "rdd", "sql", "explain", "cli")
            .whereLayer("storage")
            .mayOnlyBeAccessedByLayers("data", "score", "ml", "rdd", "sql", "cli")
            .whereLayer("demo")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("internal")
            .mayOnlyBeAccessedByLayers("storage", "data", "engine", "score", "ml", "rdd", "sql", "explain", "cli");

    @ArchTest
    static final ArchRule privateSparkIsReachedThroughInternal = noClasses()
            .that()
            .resideOutsideOfPackage("dev.backdraft.spark.internal..")
            .should(PrivateSpark.beUsed());

    @ArchTest
    static final ArchRule internalKnowsSparkAlone = noClasses()
            .that()
            .resideInAPackage("dev.backdraft.spark.internal..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.backdraft..").and(not(resideInAPackage("dev.backdraft.spark.internal.."))));

    /** So that the rule above is not silent because it knows nothing. */
    @Test
    void privateAndPromisedNamesOfSparkAreToldApart() {
        assertThat(List.of(
                        "org.apache.spark.SparkEnv",
                        "org.apache.spark.SparkEnv$",
                        "org.apache.spark.SecurityManager",
                        "org.apache.spark.network.TransportContext",
                        "org.apache.spark.storage.BlockManager",
                        "org.apache.spark.ml.util.DefaultParamsReader$Metadata",
                        "org.apache.spark.ml.util.HasTrainingSummary",
                        "org.apache.spark.sql.catalyst.expressions.Expression"))
                .allMatch(PrivateSpark::isPrivate);
        assertThat(List.of(
                        "org.apache.spark.SparkContext",
                        "org.apache.spark.TaskContext",
                        "org.apache.spark.ml.param.shared.HasSeed",
                        "org.apache.spark.sql.Dataset",
                        "org.apache.spark.storage.StorageLevel",
                        "org.apache.spark.util.LongAccumulator",
                        "java.util.List"))
                .noneMatch(PrivateSpark::isPrivate);
        assertThat(PrivateSpark.isPrivate("org.apache.spark.SparkContext", "getExecutorIds"))
                .isTrue();
        assertThat(PrivateSpark.isPrivate("org.apache.spark.SparkContext$", "getActive"))
                .isTrue();
        assertThat(PrivateSpark.isPrivate("org.apache.spark.SparkContext", "runJob"))
                .isFalse();
        assertThat(PrivateSpark.isPrivate("org.apache.spark.SparkContext", "getOrCreate"))
                .isFalse();
    }

    /** Each line of the page's table begins with an adapter, then the names of Spark that it uses. */
    @Test
    void theArchitecturePageListsWhatIsPrivate() throws IOException {
        Map<String, String> lines = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/architecture.md"))) {
            Matcher matcher = Pattern.compile("\\| `(\\w+)` \\|([^|]*)\\|.*").matcher(line);
            if (matcher.matches()) {
                lines.put(matcher.group(1), matcher.group(2));
            }
        }
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.backdraft.spark.internal")) {
            String adapter = type.getName().replaceAll(".*\\.|\\$.*", "");
            used.computeIfAbsent(adapter, name -> new TreeSet<>()).addAll(PrivateSpark.usedBy(type));
        }
        used.values().removeIf(Set::isEmpty);
        assertThat(used).hasSizeGreaterThan(8);
        List<String> missing = new ArrayList<>();
        used.forEach((adapter, names) -> {
            for (String name : names) {
                String path = name.replaceAll("\\$[^.]*", ""); // of the outermost class
                List<String> parts = List.of(path.split("\\."));
                if (parts.stream().skip(parts.size() - 2L).noneMatch(part -> lines.getOrDefault(adapter, "")
                        .contains("`" + part + "`"))) {
                    missing.add(adapter + ": " + name);
                }
            }
        });
        assertThat(missing).as("lacking in the table of docs/architecture.md").isEmpty();
    }

    @ArchTest
    static final ArchRule theWireKnowsNothingOfWhatItCarries = noClasses()
            .that()
            .resideInAPackage("dev.backdraft.spark.engine.wire")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.backdraft.spark.engine.resident..",
                    "dev.backdraft.spark.engine.local",
                    "dev.backdraft.spark.engine",
                    "dev.backdraft.train");

    /** None of the classes of a package, without its subpackages, may use any of the others. */
    private static ArchRule independent(String of, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(of)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    @ArchTest
    static final ArchRule theExecutorKnowsNothingOfTheDriver = independent(EXECUTOR, DRIVER, LOCAL, ENGINE);

    @ArchTest
    static final ArchRule theProtocolKnowsNeitherSide = independent(PROTOCOL, DRIVER, EXECUTOR, LOCAL, JOB, ENGINE);

    @ArchTest
    static final ArchRule aLocalMasterNeedsNoProtocol = independent(LOCAL, DRIVER, EXECUTOR, PROTOCOL, ENGINE);

    @ArchTest
    static final ArchRule theLongJobKnowsNothingOfItsTasks =
            independent(JOB, DRIVER, EXECUTOR, PROTOCOL, LOCAL, ENGINE);

    @ArchTest
    static final ArchRule theDriverOnlyCreatesTheTasksOfExecutors = noClasses()
            .that()
            .resideInAPackage(DRIVER)
            .and()
            .doNotHaveSimpleName("ClusterSession")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EXECUTOR, ENGINE);

    @ArchTest
    static final ArchRule theSessionKnowsNothingElseOfExecutors = noClasses()
            .that()
            .haveSimpleName("ClusterSession")
            .should()
            .dependOnClassesThat(resideInAPackage(EXECUTOR).and(not(simpleName("WorkerTask"))));

    @ArchTest
    static final ArchRule theEngineKnowsTheDriversSideOnly = independent(ENGINE, EXECUTOR, PROTOCOL, LOCAL);

    /**
     * Two classes may use the package of Spark's serializers: ClosureBytes, as tasks themselves travel so, and there is
     * nothing else that takes layers and losses of applications; and the registrator, whose interface is in it.
     */
    @ArchTest
    static final ArchRule nothingIsReadByJavaSerialization = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.backdraft.spark.internal.ClosureBytes")
            .and()
            .doNotHaveFullyQualifiedName("dev.backdraft.spark.BackdraftKryoRegistrator")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.Object(In|Out)put(Stream)?")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark.serializer..");

    @ArchTest
    static final ArchRule kryoHasNoJavaSerialization = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.esotericsoftware.kryo.serializers.JavaSerializer");

    @ArchTest
    static final ArchRule fileSystemsAreReachedThroughOneDoor = noClasses()
            .that()
            .doNotHaveSimpleName("HadoopFileSystems")
            .should()
            .callMethod(org.apache.hadoop.fs.Path.class, "getFileSystem", Configuration.class)
            .orShould()
            .callMethodWhere(
                    target(owner(assignableTo(FileSystem.class))).and(target(nameMatching("get|newInstance"))));

    @ArchTest
    static final ArchRule commandsAskNoFileSystemButStorage = noClasses()
            .that()
            .resideInAPackage("dev.backdraft.spark.cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hadoop.fs..");

    @ArchTest
    static final ArchRule netlibIsReachedThroughBlasOnly =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.ludovic..");
}
