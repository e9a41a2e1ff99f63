package dev.backdraft.optim;

import java.io.Serializable;
import java.util.List;

/**
 * Which runs of the flat vector belong together: one group a weight matrix or bias vector. What treats weights and biases
 * differently, or looks at the norm of a layer, goes by it. The groups follow each other without gaps from 0.
 */
public record ParameterLayout(List<Group> groups) implements Serializable {
    /**
     * A matrix [rows × columns], column by column, in the flat vector.
     *
     * @param offset of its first entry
     * @param rows units that it feeds: row i holds the incoming weights of unit i
     * @param columns 1 for a bias or scale
     * @param penalized whether regularizers and weight decay apply to it: weights yes, biases only when asked
     */
    public record Group(int offset, int rows, int columns, boolean penalized) implements Serializable {
        public Group {
            if (offset < 0 || rows < 1 || columns < 1) {
                throw new IllegalArgumentException("group of [" + rows + " x " + columns + "] at " + offset);
            }
            Math.addExact(offset, Math.multiplyExact(rows, columns)); // its end is an array index
        }

        public int length() {
            return rows * columns;
        }

        /** The entry after its last one. */
        public int end() {
            return offset + length();
        }
    }

    public ParameterLayout {
        groups = List.copyOf(groups);
        int at = 0;
        for (Group group : groups) {
            if (group.offset() != at) {
                throw new IllegalArgumentException("a group starts at " + group.offset() + ", not at " + at);
            }
            at = group.end();
        }
    }

    /** One group of this many weights. */
    public static ParameterLayout of(int parameterCount) {
        return new ParameterLayout(parameterCount == 0 ? List.of() : List.of(new Group(0, parameterCount, 1, true)));
    }

    public int parameterCount() {
        return groups.isEmpty() ? 0 : groups.get(groups.size() - 1).end();
    }
}
