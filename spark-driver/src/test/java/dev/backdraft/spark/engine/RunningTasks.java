package dev.backdraft.spark.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** The tasks that Spark runs, as its listener bus tells. */
public final class RunningTasks extends SparkListener {
    private final ConcurrentMap<Long, String> executors = new ConcurrentHashMap<>(); // by attempt

    public static RunningTasks watch(JavaSparkContext spark) {
        RunningTasks tasks = new RunningTasks();
        spark.sc().addSparkListener(tasks);
        return tasks;
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        executors.put(start.taskInfo().taskId(), start.taskInfo().executorId());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        executors.remove(end.taskInfo().taskId());
    }

    /** Attempts that run, in the order of their start. */
    public List<Long> attempts() {
        return new ArrayList<>(executors.keySet().stream().sorted().toList());
    }

    /** Executors that run any. */
    public Set<String> executors() {
        return new TreeSet<>(executors.values());
    }
}
