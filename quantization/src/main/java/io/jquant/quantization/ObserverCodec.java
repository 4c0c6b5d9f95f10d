// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Observers as bytes: first which kind with which options, then what it has seen. */
final class ObserverCodec {
    private static final int MIN_MAX = 1;
    private static final int MOVING_AVERAGE = 2;
    private static final int HISTOGRAM = 3;
    private static final int PERCENTILE = 4;
    private static final int ENTROPY = 5;
    private static final int MEAN_SQUARE = 6;

    private ObserverCodec() {
    }

    /** Writes one of jquant's observers; another's cannot be written. */
    static void write(Observer observer, DataOutput out) throws IOException {
        writeKind(observer, out);
        switch (observer) {
            case RangeObserver o -> ChannelRanges.write(o.ranges(), out);
            case HistogramObserver o -> Histogram.write(o.histogram(), out);
            case DistributionObserver o -> o.histogram().write(out);
            default -> throw unknown(observer);
        }
    }

    static Observer read(DataInput in) throws IOException {
        int kind = in.readUnsignedByte();
        ObserverOptions options = readOptions(in);
        return switch (kind) {
            case MIN_MAX -> new MinMaxObserver(options, in.readInt(), ChannelRanges.read(in));
            case MOVING_AVERAGE -> {
                int axis = in.readInt();
                yield new MovingAverageObserver(options, axis, in.readFloat(), ChannelRanges.read(in));
            }
            case HISTOGRAM -> new HistogramObserver(options, in.readInt(), Histogram.read(in));
            case PERCENTILE -> new PercentileObserver(options, in.readDouble(), ExactHistogram.read(in));
            case ENTROPY -> new EntropyObserver(options, ExactHistogram.read(in));
            case MEAN_SQUARE -> new MeanSquareObserver(options, ExactHistogram.read(in));
            default -> throw new IllegalArgumentException("kind of observer = " + kind + ": must be 1 to 6");
        };
    }

    /** Refuses to merge observers of different kinds or options. */
    static void requireAlike(Observer observer, Observer other) {
        if (other == null || other.getClass() != observer.getClass()
                || (isOurs(observer) && !Arrays.equals(kind(observer), kind(other)))) {
            throw new IllegalArgumentException("other = " + other + ": must be of the kind and the options of "
                    + observer);
        }
    }

    private static boolean isOurs(Observer observer) {
        return observer instanceof RangeObserver || observer instanceof HistogramObserver
                || observer instanceof DistributionObserver;
    }

    private static byte[] kind(Observer observer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeKind(observer, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeKind(Observer observer, DataOutput out) throws IOException {
        switch (observer) {
            case MinMaxObserver o -> {
                writeOptions(MIN_MAX, o.options(), out);
                out.writeInt(o.axis());
            }
            case MovingAverageObserver o -> {
                writeOptions(MOVING_AVERAGE, o.options(), out);
                out.writeInt(o.axis());
                out.writeFloat(o.constant());
            }
            case HistogramObserver o -> {
                writeOptions(HISTOGRAM, o.options(), out);
                out.writeInt(o.bins());
            }
            case PercentileObserver o -> {
                writeOptions(PERCENTILE, o.options(), out);
                out.writeDouble(o.percentage());
            }
            case EntropyObserver o -> writeOptions(ENTROPY, o.options(), out);
            case MeanSquareObserver o -> writeOptions(MEAN_SQUARE, o.options(), out);
            default -> throw unknown(observer);
        }
    }

    private static UnsupportedOperationException unknown(Observer observer) {
        return new UnsupportedOperationException(observer.getClass().getName() + ": is not one of jquant's observers, "
                + "and cannot be saved");
    }

    private static void writeOptions(int kind, ObserverOptions options, DataOutput out) throws IOException {
        out.writeByte(kind);
        out.writeUTF(options.type().name());
        out.writeBoolean(options.symmetric());
        out.writeBoolean(options.reduceRange());
        out.writeBoolean(options.quantMin() != null);
        out.writeInt(options.quantMin() == null ? 0 : options.quantMin());
        out.writeInt(options.quantMax() == null ? 0 : options.quantMax());
        out.writeFloat(options.eps());
    }

    private static ObserverOptions readOptions(DataInput in) throws IOException {
        DataType type = DataType.valueOf(in.readUTF());
        boolean symmetric = in.readBoolean();
        boolean reduceRange = in.readBoolean();
        boolean bounded = in.readBoolean();
        int min = in.readInt();
        int max = in.readInt();
        return new ObserverOptions(type, symmetric, reduceRange, bounded ? min : null, bounded ? max : null,
                in.readFloat());
    }
}
