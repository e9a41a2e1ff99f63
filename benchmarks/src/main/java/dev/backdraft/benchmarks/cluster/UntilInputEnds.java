package dev.backdraft.benchmarks.cluster;

import java.io.IOException;
import java.util.Arrays;

/** A process that ends when whoever has started it does: runs another main class until the standard input ends. */
final class UntilInputEnds {
    private UntilInputEnds() {}

    /** The first argument is the name of the class, which gets the others. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watcher = new Thread(UntilInputEnds::awaitEnd, "until-input-ends");
        watcher.setDaemon(true);
        watcher.start();
        Object itsArguments = Arrays.copyOfRange(arguments, 1, arguments.length);
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, itsArguments);
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // nobody writes
            }
        } catch (IOException e) {
            // has ended as well
        }
        Runtime.getRuntime().halt(0);
    }
}
