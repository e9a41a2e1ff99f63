package dev.backdraft.json;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * All of a family by name: losses, optimisers, layers and the like. Those of ours, and those of users that a file {@code
 * META-INF/services/<interface>} on the class path names. Each stands here with its usual settings, which a file or a command
 * line may change. Stateless.
 *
 * @param <T> the interface of the family; all members are records
 */
public final class Catalog<T> {
    private final Class<T> type;
    private final String what;
    private final Function<T, String> name;
    private final List<T> ours;

    /**
     * @param what a member is called in messages: {@code loss}, {@code optimizer} …
     * @param name of a member
     * @param ours with their usual settings
     */
    public Catalog(Class<T> type, String what, Function<T, String> name, List<T> ours) {
        this.type = type;
        this.what = what;
        this.name = name;
        this.ours = List.copyOf(ours);
    }

    /** The interface of the family. */
    public Class<T> type() {
        return type;
    }

    /** What a member is called in messages. */
    public String what() {
        return what;
    }

    /**
     * All members with their usual settings: ours, then users', which the context class loader finds (on Spark that of the
     * user's jars). Looked up anew each time, as that loader differs from thread to thread.
     *
     * @throws IllegalStateException when a user's is no record, or has a name that is taken
     */
    public List<T> all() {
        List<T> members = new ArrayList<>(ours);
        for (T member : ServiceLoader.load(type)) {
            if (!member.getClass().isRecord()) {
                throw new IllegalStateException(
                        "the " + what + " " + member.getClass().getName() + " must be a record");
            }
            for (T before : members) {
                if (name.apply(before).equals(name.apply(member))) {
                    throw new IllegalStateException("two of the name '" + name.apply(member) + "': "
                            + before.getClass().getName() + " and "
                            + member.getClass().getName());
                }
            }
            members.add(member);
        }
        return members;
    }

    /** The name of a member. */
    public String nameOf(T member) {
        return name.apply(member);
    }

    /** Whether there is a member of this name. */
    public boolean has(String wanted) {
        return all().stream().anyMatch(member -> name.apply(member).equals(wanted));
    }

    /**
     * The member of this name, with its usual settings.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public T named(String wanted) {
        return all().stream()
                .filter(member -> name.apply(member).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown " + what + " '" + wanted + "'"
                        + NearMiss.suggestion(wanted, list()) + ": use " + names()));
    }

    /** The names, as a message or a help text lists them. */
    public String names() {
        return String.join(", ", list());
    }

    /** The names, ours first. */
    public List<String> list() {
        return all().stream().map(name).toList();
    }
}
