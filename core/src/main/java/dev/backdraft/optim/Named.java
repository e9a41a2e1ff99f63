package dev.backdraft.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Families of things with names, ours and the users'. */
final class Named {
    private Named() {}

    /**
     * Ours, then what {@link ServiceLoader} finds with the context class loader (on Spark that of the user's jars). Looked up
     * anew each time, as the loader differs from thread to thread.
     *
     * @throws IllegalStateException if two have one name
     */
    static <T> List<T> withUsers(Class<T> family, List<T> ours, Function<T, String> name) {
        List<T> all = new ArrayList<>(ours);
        ServiceLoader.load(family).forEach(all::add);
        Set<String> names = new HashSet<>();
        for (T one : all) {
            if (!names.add(name.apply(one))) {
                throw new IllegalStateException("two of the name '" + name.apply(one) + "', one is " + one.getClass());
            }
        }
        return List.copyOf(all);
    }

    static <T> T find(String what, List<T> all, Function<T, String> name, String wanted) {
        return all.stream()
                .filter(one -> name.apply(one).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown " + what + " '" + wanted + "': use "
                        + all.stream().map(name).collect(Collectors.joining(", "))));
    }
}
