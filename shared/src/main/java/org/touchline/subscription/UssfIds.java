package org.touchline.subscription;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.touchline.license.UssfId;

/**
 * Many USSF-IDs, as numbers: 8 bytes each where an object takes a hundred. It is filled first, then {@linkplain #settle
 * settled}, and only then asked. Not safe for use by several threads.
 */
final class UssfIds {
    private long[] ids = new long[1024];
    private int size;

    void add(UssfId ussfId) {
        add(Long.parseLong(ussfId.value()));
    }

    void addAll(UssfIds others) {
        for (var i = 0; i < others.size; i++) {
            add(others.ids[i]);
        }
    }

    /** Adds those that {@link #packed} packed. */
    void addPacked(byte[] packed) {
        var numbers = ByteBuffer.wrap(packed).asLongBuffer();
        while (numbers.hasRemaining()) {
            add(numbers.get());
        }
    }

    /** Sorts them, each once. */
    UssfIds settle() {
        Arrays.sort(ids, 0, size);
        var distinct = 0;
        for (var i = 0; i < size; i++) {
            if (i == 0 || ids[i] != ids[i - 1]) {
                ids[distinct++] = ids[i];
            }
        }
        size = distinct;
        return this;
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    boolean contains(UssfId ussfId) {
        return contains(Long.parseLong(ussfId.value()));
    }

    /** All of them, in order. */
    Stream<UssfId> stream() {
        return IntStream.range(0, size).mapToObj(index -> ussfId(ids[index]));
    }

    /** Those that are not among others, in order. */
    UssfIds without(UssfIds others) {
        var rest = new UssfIds();
        for (var i = 0; i < size; i++) {
            if (!others.contains(ids[i])) {
                rest.add(ids[i]);
            }
        }
        return rest;
    }

    /** All of them as they stand, 8 bytes each. */
    byte[] packed() {
        var packed = ByteBuffer.allocate(size * Long.BYTES);
        packed.asLongBuffer().put(ids, 0, size);
        return packed.array();
    }

    private void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size + size / 2);
        }
        ids[size++] = id;
    }

    private boolean contains(long id) {
        return Arrays.binarySearch(ids, 0, size, id) >= 0;
    }

    private static UssfId ussfId(long id) {
        return new UssfId(String.format(Locale.ROOT, "%016d", id));
    }
}
