package org.touchline.license;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;

/** Many USSF-IDs, each once and in order, as numbers: 8 bytes each where an object takes a hundred. It never changes. */
public final class UssfIds {
    public static final UssfIds NONE = new Builder().build();

    /** In order up to {@code size}; there may be room behind. */
    private final long[] ids;

    private final int size;

    private UssfIds(long[] ids, int size) {
        this.ids = ids;
        this.size = size;
    }

    /** Collects them, in any order and as often as they come. Not safe for use by several threads. */
    public static final class Builder {
        private static final int FIRST_ROOM = 1024;

        private long[] ids = new long[FIRST_ROOM];
        private int size;

        public void add(UssfId ussfId) {
            add(ussfId.number());
        }

        public void addAll(UssfIds others) {
            Arrays.stream(others.ids, 0, others.size).forEach(this::add);
        }

        /** Adds those that {@link UssfIds#packed} packed. */
        public void addPacked(byte[] packed) {
            var numbers = ByteBuffer.wrap(packed).asLongBuffer();
            while (numbers.hasRemaining()) {
                add(numbers.get());
            }
        }

        /** How many were added. */
        public int size() {
            return size;
        }

        /** Those that were added so far. The builder is as new then: so that nobody holds them twice. */
        public UssfIds build() {
            Arrays.sort(ids, 0, size);
            var distinct = 0;
            for (var i = 0; i < size; i++) {
                if (i == 0 || ids[i] != ids[i - 1]) {
                    ids[distinct++] = ids[i];
                }
            }
            var built = new UssfIds(ids, distinct);
            ids = new long[FIRST_ROOM];
            size = 0;
            return built;
        }

        private void add(long id) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size + size / 2);
            }
            ids[size++] = id;
        }
    }

    /** Those that {@link #packed} packed. */
    public static UssfIds unpacked(byte[] packed) {
        var unpacked = new Builder();
        unpacked.addPacked(packed);
        return unpacked.build();
    }

    public int size() {
        return size;
    }

    public boolean contains(UssfId ussfId) {
        return indexOf(ussfId) >= 0;
    }

    /** At which place in the order one of them is, from 0; negative if it is none of them. */
    public int indexOf(UssfId ussfId) {
        return Arrays.binarySearch(ids, 0, size, ussfId.number());
    }

    /** All of them, in order. */
    public Stream<UssfId> stream() {
        return Arrays.stream(ids, 0, size).mapToObj(UssfId::of);
    }

    /** The first of those at some places in the order. */
    public UssfIds first(BitSet places, int most) {
        var first = new Builder();
        places.stream().limit(most).forEach(place -> first.add(ids[place]));
        return first.build();
    }

    /** These and one more. */
    public UssfIds and(UssfId other) {
        var all = new Builder();
        all.addAll(this);
        all.add(other);
        return all.build();
    }

    /** All of them, 8 bytes each. */
    public byte[] packed() {
        var packed = ByteBuffer.allocate(size * Long.BYTES);
        packed.asLongBuffer().put(ids, 0, size);
        return packed.array();
    }
}
