// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.DataType;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.npy.NpyReader;
import io.jquant.graph.npy.NpzReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Samples along the first axis of NumPy arrays: a .npy file for a model of one input, a .npz file that holds an array
 * of each input's name (of one input, any name), and maybe one named {@code labels}.
 */
final class ArrayFile implements DataSet {
    private static final String LABELS = "labels";

    private final Map<String, Tensor> arrays;
    private final Tensor labels;
    private final int size;

    private ArrayFile(Path path, Map<String, Tensor> arrays, Tensor labels) throws IOException {
        this.arrays = arrays;
        this.labels = labels;
        Tensor first = arrays.values().iterator().next();
        for (Map.Entry<String, Tensor> entry : arrays.entrySet()) {
            Tensor array = entry.getValue();
            if (array.rank() == 0 || array.dim(0) != first.dim(0)) {
                throw new IOException(path + ": array " + entry.getKey() + " is " + array
                        + ": the first axis must be the samples, as many as in the other arrays");
            }
        }
        size = first.dim(0);
        if (labels != null && (labels.count() != size || labels.type().isFloating())) {
            throw new IOException(path + ": array labels is " + labels + ": must be " + size + " integers");
        }
        for (int i = 0; i < size && labels != null; i++) {
            long label = labels.getLong(i);
            if (label != (int) label) {
                throw new IOException(path + ": label " + label + " of sample " + i
                        + ": must be the number of a class, below 2^31");
            }
        }
    }

    static ArrayFile open(Path path, List<ValueInfo> inputs) throws IOException {
        if (path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
            if (inputs.size() != 1) {
                throw new UsageException(path + ": a .npy file is for a model of one input, and this one has "
                        + inputs.size() + "; give a .npz file that holds one array for each");
            }
            return new ArrayFile(path, Map.of(inputs.getFirst().name(), fit(path, NpyReader.read(path),
                    inputs.getFirst())), null);
        }
        Map<String, Tensor> read = new LinkedHashMap<>(NpzReader.read(path));
        Tensor labels = read.remove(LABELS);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        for (ValueInfo input : inputs) {
            Tensor array = read.get(input.name());
            if (array == null && inputs.size() == 1 && read.size() == 1) {
                array = read.values().iterator().next();
            }
            if (array == null) {
                throw new IOException(path + ": no array named " + input.name() + ": it has "
                        + String.join(", ", read.keySet()));
            }
            arrays.put(input.name(), fit(path, array, input));
        }
        return new ArrayFile(path, arrays, labels);
    }

    /** An array of the input's type: real numbers are converted, integers must be of the type itself. */
    private static Tensor fit(Path path, Tensor array, ValueInfo input) throws IOException {
        if (array.type() == input.type()) {
            return array;
        }
        if (input.type() == DataType.F32) {
            return Tensor.of(array.toFloats(), array.shape());
        }
        if (input.type() == DataType.S64 && !array.type().isFloating()) {
            return Tensor.of(array.toLongs(), array.shape());
        }
        throw new IOException(path + ": the array for input " + input.name() + " is " + array.type() + ": must be "
                + input.type());
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int label(int sample) {
        return labels == null ? -1 : (int) labels.getLong(sample);
    }

    @Override
    public Map<String, Tensor> batch(int from, int count) {
        Map<String, Tensor> batch = new LinkedHashMap<>();
        arrays.forEach((name, array) -> batch.put(name, slice(array, from, count)));
        return batch;
    }

    private static Tensor slice(Tensor array, int from, int count) {
        long[] shape = array.shape();
        shape[0] = count;
        Tensor slice = Tensor.allocate(array.type(), shape);
        long sampleBytes = slice.byteSize() / Math.max(1, count);
        MemorySegment.copy(array.segment(), from * sampleBytes, slice.segment(), 0, slice.byteSize());
        return slice;
    }
}
