package org.touchline.subscription;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.touchline.license.UssfId;

/** Many USSF-IDs, each once and in order, as numbers: 8 bytes each where an object takes a hundred. It never changes. */
final class UssfIds {
    static final UssfIds NONE = new Builder().build();

    private final long[] ids;

    private UssfIds(long[] ids) {
        this.ids = ids;
    }

    /** Collects them, in any order and as often as they come. Not safe for use by several threads. */
    static final class Builder {
        private long[] ids = new long[1024];
        private int size;

        void add(UssfId ussfId) {
            add(number(ussfId));
        }

        void addAll(UssfIds others) {
            for (var id : others.ids) {
                add(id);
            }
        }

        /** Adds those that {@link UssfIds#packed} packed. */
        void addPacked(byte[] packed) {
            var numbers = ByteBuffer.wrap(packed).asLongBuffer();
            while (numbers.hasRemaining()) {
                add(numbers.get());
            }
        }

        /** How many were added. */
        int size() {
            return size;
        }

        void clear() {
            size = 0;
        }

        /** Those that were added so far. */
        UssfIds build() {
            Arrays.sort(ids, 0, size);
            var distinct = 0;
            for (var i = 0; i < size; i++) {
                if (i == 0 || ids[i] != ids[i - 1]) {
                    ids[distinct++] = ids[i];
                }
            }
            size = distinct;
            return new UssfIds(Arrays.copyOf(ids, size));
        }

        private void add(long id) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size + size / 2);
            }
            ids[size++] = id;
        }
    }

    /** Those that {@link #packed} packed. */
    static UssfIds unpacked(byte[] packed) {
        var unpacked = new Builder();
        unpacked.addPacked(packed);
        return unpacked.build();
    }

    int size() {
        return ids.length;
    }

    boolean contains(UssfId ussfId) {
        return contains(number(ussfId));
    }

    /** All of them, in order. */
    Stream<UssfId> stream() {
        return IntStream.range(0, ids.length).mapToObj(index -> ussfId(ids[index]));
    }

    /** Those that are not among others. */
    UssfIds without(UssfIds others) {
        return new UssfIds(Arrays.stream(ids).filter(id -> !others.contains(id)).toArray());
    }

    /** These and others. */
    UssfIds and(UssfIds others) {
        var both = new Builder();
        both.addAll(this);
        both.addAll(others);
        return both.build();
    }

    /** These and one more. */
    UssfIds and(UssfId other) {
        var all = new Builder();
        all.addAll(this);
        all.add(other);
        return all.build();
    }

    /** All of them, 8 bytes each. */
    byte[] packed() {
        var packed = ByteBuffer.allocate(ids.length * Long.BYTES);
        packed.asLongBuffer().put(ids);
        return packed.array();
    }

    private boolean contains(long id) {
        return Arrays.binarySearch(ids, id) >= 0;
    }

    private static long number(UssfId ussfId) {
        return Long.parseLong(ussfId.value());
    }

    private static UssfId ussfId(long id) {
        return new UssfId(String.format(Locale.ROOT, "%016d", id));
    }
}
