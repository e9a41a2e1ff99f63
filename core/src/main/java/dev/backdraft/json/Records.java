package dev.backdraft.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;

/** What the language does not offer for records: a copy in which one component differs. */
public final class Records {
    private Records() {}

    /**
     * A copy of a record with another value of one component, checked by the record's constructor.
     *
     * @throws IllegalArgumentException from that constructor
     * @throws IllegalStateException when there is no such component, or the value has another type
     */
    public static <R extends Record> R with(R record, String component, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean found = false;
        for (int i = 0; i < components.length; i++) {
            boolean meant = components[i].getName().equals(component);
            values[i] = meant ? value : get(record, components[i]);
            found |= meant;
        }
        if (!found) {
            throw new IllegalStateException(record.getClass().getName() + " has no " + component);
        }
        return construct(record, values, null);
    }

    static Object get(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component + " of " + record, e);
        }
    }

    /** The record with its usual settings, by its constructor without arguments. */
    static Record usual(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Record) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " needs a constructor without arguments", e);
        }
    }

    /**
     * A record of the class of another one.
     *
     * @param what goes before the message of a refusal, or null
     */
    @SuppressWarnings("unchecked") // the constructor of R's own class makes an R
    static <R extends Record> R construct(R like, Object[] values, String what) {
        Class<?>[] types = Stream.of(like.getClass().getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var constructor = like.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (R) constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException || e.getCause() instanceof ArithmeticException) {
                String message = e.getCause().getMessage();
                throw new IllegalArgumentException(what == null ? message : what + ": " + message, e.getCause());
            }
            throw new IllegalStateException("cannot make a " + like.getClass().getName(), e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new IllegalStateException("cannot make a " + like.getClass().getName(), e);
        }
    }
}
