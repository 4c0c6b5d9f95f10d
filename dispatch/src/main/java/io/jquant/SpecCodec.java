// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.ArrayList;
import java.util.List;

/** Specifications and biases as bytes, one pair of methods for each type, in the order of the record's components. */
final class SpecCodec {
    /** The position is the code in files: new ones go to the end. */
    private static final List<DataType> TYPES = List.of(DataType.U8, DataType.S8, DataType.F32, DataType.S32);
    private static final List<RecurrentSpec.Cell> CELLS = List.of(RecurrentSpec.Cell.LSTM, RecurrentSpec.Cell.GRU);

    /** A specification with its biases. */
    record Description(PackedSpec spec, List<Bias> biases) {
    }

    private SpecCodec() {
    }

    static byte[] encode(PackedSpec spec, List<Bias> biases) {
        Encoder out = new Encoder();
        switch (spec) {
            case LinearSpec linear -> put(out, linear);
            case DynamicLinearSpec linear -> put(out, linear);
            case ConvolutionSpec convolution -> put(out, convolution);
            case RecurrentSpec cell -> put(out, cell);
            case EmbeddingBagSpec bag -> put(out, bag);
            case GroupedLinearSpec linear -> put(out, linear);
        }
        biases.forEach(bias -> put(out, bias));
        return out.toByteArray();
    }

    /** Reads what {@link #encode} wrote; anything else is refused with an {@link IllegalArgumentException}. */
    static Description decode(OperatorKind kind, byte[] bytes) {
        Decoder in = new Decoder(bytes);
        PackedSpec spec = switch (kind) {
            case LINEAR -> getLinear(in);
            case DYNAMIC_LINEAR -> getDynamicLinear(in);
            case CONVOLUTION -> getConvolution(in);
            case RECURRENT_CELL -> getCell(in);
            case EMBEDDING_BAG -> new EmbeddingBagSpec(in.getInt(), in.getLong(), in.getInt(), in.getBoolean());
            case GROUPED_LINEAR -> new GroupedLinearSpec(in.getInt(), in.getInt(), in.getInt(), in.getBoolean(),
                    getActivation(in));
        };
        List<Bias> biases = new ArrayList<>();
        for (int i = 0; i < kind.biases(); i++) {
            biases.add(getBias(in));
        }
        in.requireEnd();
        return new Description(spec, List.copyOf(biases));
    }

    private static void put(Encoder out, LinearSpec spec) {
        out.putInt(spec.inFeatures()).putInt(spec.outFeatures());
        put(out, spec.input());
        put(out, spec.weight());
        put(out, spec.epilogue());
    }

    private static LinearSpec getLinear(Decoder in) {
        return new LinearSpec(in.getInt(), in.getInt(), getParameters(in), getParameters(in), getEpilogue(in));
    }

    private static void put(Encoder out, DynamicLinearSpec spec) {
        out.putInt(spec.inFeatures()).putInt(spec.outFeatures());
        put(out, spec.weight());
        put(out, spec.activation());
        out.putBoolean(spec.perRow()).putBoolean(spec.reduceRange());
    }

    private static DynamicLinearSpec getDynamicLinear(Decoder in) {
        return new DynamicLinearSpec(in.getInt(), in.getInt(), getParameters(in), getActivation(in), in.getBoolean(),
                in.getBoolean());
    }

    private static void put(Encoder out, ConvolutionSpec spec) {
        out.putInt(spec.inChannels()).putInt(spec.outChannels()).putInt(spec.groups());
        put(out, spec.window());
        out.putBoolean(spec.transposed());
        put(out, spec.outputPadding());
        put(out, spec.input());
        put(out, spec.weight());
        put(out, spec.epilogue());
    }

    private static ConvolutionSpec getConvolution(Decoder in) {
        return new ConvolutionSpec(in.getInt(), in.getInt(), in.getInt(), getWindow(in), in.getBoolean(),
                getExtent(in), getParameters(in), getParameters(in), getEpilogue(in));
    }

    private static void put(Encoder out, RecurrentSpec spec) {
        out.putByte(CELLS.indexOf(spec.cell())).putInt(spec.inputSize()).putInt(spec.hiddenSize());
        put(out, spec.inputWeight());
        put(out, spec.hiddenWeight());
        out.putBoolean(spec.reduceRange());
    }

    private static RecurrentSpec getCell(Decoder in) {
        return new RecurrentSpec(byCode("cell", CELLS, in.getByte()), in.getInt(), in.getInt(), getParameters(in),
                getParameters(in), in.getBoolean());
    }

    private static void put(Encoder out, EmbeddingBagSpec spec) {
        out.putInt(spec.bits()).putLong(spec.rows()).putInt(spec.dimension()).putBoolean(spec.mean());
    }

    private static void put(Encoder out, GroupedLinearSpec spec) {
        out.putInt(spec.inFeatures()).putInt(spec.outFeatures()).putInt(spec.groupSize()).putBoolean(spec.zeroPoints());
        put(out, spec.activation());
    }

    private static void put(Encoder out, QuantizationParameters parameters) {
        put(out, parameters.type());
        out.putInt(parameters.axis()).putInt(parameters.channels());
        for (int channel = 0; channel < parameters.channels(); channel++) {
            out.putFloat(parameters.scale(channel));
        }
        for (int channel = 0; channel < parameters.channels(); channel++) {
            out.putInt(parameters.zeroPoint(channel));
        }
    }

    private static QuantizationParameters getParameters(Decoder in) {
        DataType type = getType(in);
        int axis = in.getInt();
        int channels = in.getCount("channels", Float.BYTES + Integer.BYTES);
        float[] scales = in.getFloats(channels);
        int[] zeroPoints = in.getInts(channels);
        if (axis != QuantizationParameters.NO_AXIS) {
            return QuantizationParameters.perChannel(type, scales, zeroPoints, axis);
        }
        Require.that(channels == 1, "channels", channels, "1 where there is no axis");
        return QuantizationParameters.perTensor(type, scales[0], zeroPoints[0]);
    }

    private static void put(Encoder out, Epilogue epilogue) {
        put(out, epilogue.type());
        putOptional(out, epilogue.output());
        put(out, epilogue.activation());
        putOptional(out, epilogue.addend());
    }

    private static Epilogue getEpilogue(Decoder in) {
        return new Epilogue(getType(in), getOptional(in), getActivation(in), getOptional(in));
    }

    private static void putOptional(Encoder out, QuantizationParameters parameters) {
        out.putBoolean(parameters != null);
        if (parameters != null) {
            put(out, parameters);
        }
    }

    private static QuantizationParameters getOptional(Decoder in) {
        return in.getBoolean() ? getParameters(in) : null;
    }

    private static void put(Encoder out, Activation activation) {
        out.putFloat(activation.min()).putFloat(activation.max());
    }

    private static Activation getActivation(Decoder in) {
        return new Activation(in.getFloat(), in.getFloat());
    }

    private static void put(Encoder out, Window window) {
        put(out, window.kernel());
        put(out, window.stride());
        put(out, window.dilation());
        put(out, window.padBegin());
        put(out, window.padEnd());
    }

    private static Window getWindow(Decoder in) {
        return new Window(getExtent(in), getExtent(in), getExtent(in), getExtent(in), getExtent(in));
    }

    private static void put(Encoder out, Extent extent) {
        out.putInt(extent.depth()).putInt(extent.height()).putInt(extent.width());
    }

    private static Extent getExtent(Decoder in) {
        return new Extent(in.getInt(), in.getInt(), in.getInt());
    }

    private static void put(Encoder out, Bias bias) {
        switch (bias) {
            case Bias.None none -> out.putByte(0);
            case Bias.Quantized quantized -> {
                out.putByte(1).putInt(quantized.values().length());
                for (int value : quantized.values().toArray()) {
                    out.putInt(value);
                }
            }
            case Bias.Real real -> {
                out.putByte(2).putInt(real.values().length());
                for (float value : real.values().toArray()) {
                    out.putFloat(value);
                }
            }
        }
    }

    private static Bias getBias(Decoder in) {
        int code = in.getByte();
        return switch (code) {
            case 0 -> Bias.none();
            case 1 -> Bias.of(in.getInts(in.getCount("bias", Integer.BYTES)));
            case 2 -> Bias.of(in.getFloats(in.getCount("bias", Float.BYTES)));
            default -> throw Require.failure("bias", "code " + code, "0, 1 or 2");
        };
    }

    private static void put(Encoder out, DataType type) {
        int code = TYPES.indexOf(type);
        Require.that(code >= 0, "type", type, "one of " + TYPES);
        out.putByte(code);
    }

    private static DataType getType(Decoder in) {
        return byCode("type", TYPES, in.getByte());
    }

    private static <T> T byCode(String name, List<T> values, int code) {
        Require.that(code < values.size(), name, "code " + code, "below " + values.size());
        return values.get(code);
    }
}
