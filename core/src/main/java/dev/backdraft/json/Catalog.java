package dev.backdraft.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All members of a family by name: losses, optimizers, layers and so on. It has the built-in ones, and those of users that a
 * file {@code META-INF/services/<interface>} on the class path names. Each has its default settings here, which a file or a
 * command line may change. Thread-safe.
 *
 * @param <T> the interface of the family; all members are records, unless they have no settings
 */
public final class Catalog<T> {
    /** The key of a member's name in its description. */
    static final String TYPE = "type";

    private final Class<T> type;
    private final String what;
    private final Function<T, String> name;
    private final List<T> ours;
    private final Consumer<ObjectNode> earlier;
    private final boolean haveSettings;
    private volatile Reference<Members<T>> known = new SoftReference<>(null);

    /** All members that a class loader sees; users' among them keep the loader alive, so this is only held softly. */
    private record Members<T>(ClassLoader loader, List<T> list) {}

    /**
     * @param what a member is called in messages: {@code loss}, {@code optimizer} …
     * @param name of a member
     * @param ours with their usual settings
     */
    public Catalog(Class<T> type, String what, Function<T, String> name, List<T> ours) {
        this(type, what, name, ours, description -> {}, true);
    }

    /**
     * A catalogue some of whose members have aliases: names, or names of settings, by which earlier versions knew them.
     *
     * @param what a member is called in messages: {@code loss}, {@code optimizer} …
     * @param name of a member
     * @param ours with their default settings
     * @param earlier changes an object {@code {"type": …, setting: …}} that uses such names to one that uses the
     *     present ones
     */
    public Catalog(Class<T> type, String what, Function<T, String> name, List<T> ours, Consumer<ObjectNode> earlier) {
        this(type, what, name, ours, earlier, true);
    }

    private Catalog(
            Class<T> type,
            String what,
            Function<T, String> name,
            List<T> ours,
            Consumer<ObjectNode> earlier,
            boolean haveSettings) {
        this.type = type;
        this.what = what;
        this.name = name;
        this.ours = List.copyOf(ours);
        this.earlier = earlier;
        this.haveSettings = haveSettings;
    }

    /**
     * A family whose members have no settings: users' need not be records. The parameters are those of the constructor.
     */
    public static <T> Catalog<T> withoutSettings(Class<T> type, String what, Function<T, String> name, List<T> ours) {
        return new Catalog<>(type, what, name, ours, description -> {}, false);
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
     * user's jars). Looked up once for each such loader, and again when a name is not found.
     *
     * @throws IllegalStateException when a user's has settings and is not a record, or has a name that is taken
     */
    public List<T> all() {
        Members<T> members = known.get();
        return members != null && members.loader() == Thread.currentThread().getContextClassLoader()
                ? members.list()
                : lookUp();
    }

    private List<T> lookUp() {
        List<T> members = new ArrayList<>(ours);
        for (T member : ServiceLoader.load(type)) {
            if (haveSettings && !member.getClass().isRecord()) {
                throw new IllegalStateException(
                        "the " + what + " " + member.getClass().getName() + " must be a record");
            }
            T namesake = find(members, name.apply(member));
            if (namesake != null) {
                throw new IllegalStateException("two of the name '" + name.apply(member) + "': "
                        + namesake.getClass().getName() + " and "
                        + member.getClass().getName());
            }
            members.add(member);
        }
        List<T> list = List.copyOf(members);
        known = new SoftReference<>(new Members<>(Thread.currentThread().getContextClassLoader(), list));
        return list;
    }

    private T find(List<T> members, String wanted) {
        for (T member : members) {
            if (name.apply(member).equals(wanted)) {
                return member;
            }
        }
        return null;
    }

    private T find(String wanted) {
        String present = present(JsonNodeFactory.instance.objectNode().put(TYPE, wanted))
                .get(TYPE)
                .textValue();
        T member = find(all(), present);
        return member == null ? find(lookUp(), present) : member; // a jar may have been added
    }

    /** The description of a member, {@code {"type": …, setting: …}}, by its present names. */
    ObjectNode present(ObjectNode description) {
        ObjectNode present = description.deepCopy();
        earlier.accept(present);
        return present;
    }

    /**
     * The components of a member that are settings. Where several members are of one class, a component that makes the
     * name of one into the name of another is not.
     */
    List<RecordComponent> settings(Record member) {
        return Stream.of(member.getClass().getRecordComponents())
                .filter(component -> !tellsName(member, component))
                .toList();
    }

    private boolean tellsName(Record member, RecordComponent component) {
        Object value = Records.get(member, component);
        List<T> ofOneClass = all().stream()
                .filter(other -> other.getClass() == member.getClass())
                .toList();
        return ofOneClass.size() > 1
                && ofOneClass.stream()
                        .map(other -> Records.get((Record) other, component))
                        .filter(another -> !Objects.equals(another, value))
                        .map(another -> type.cast(Records.with(member, component.getName(), another)))
                        .anyMatch(changed -> !nameOf(changed).equals(nameOf(type.cast(member))));
    }

    /** The name of a member. */
    public String nameOf(T member) {
        return name.apply(member);
    }

    /** Whether there is a member of this name. */
    public boolean has(String wanted) {
        return find(wanted) != null;
    }

    /**
     * The member of this name, with its usual settings.
     *
     * @throws UnknownNameException naming those that exist
     */
    public T named(String wanted) {
        T member = find(wanted);
        if (member == null) {
            throw new UnknownNameException(what, wanted, list());
        }
        return member;
    }

    /** The names, ours first. */
    public List<String> list() {
        return all().stream().map(name).toList();
    }
}
