// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jquant.DataType;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.OnnxDataTypes;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/** Tensors, from and to protobuf. */
final class TensorCodec {
    private static final int LEAST_VIEWED = 1024;

    private final String source;
    private final Path folder;

    /** For one file, whose further data lies in a folder (null: there is none). */
    TensorCodec(String source, Path folder) {
        this.source = source;
        this.folder = folder;
    }

    Tensor read(OnnxMl.TensorProto proto) throws IOException {
        DataType type = OnnxDataTypes.of(proto.getDataType());
        if (type == null) {
            throw fail(proto, "has element type " + proto.getDataType() + ": not supported");
        }
        if (proto.hasSegment()) {
            throw fail(proto, "is stored in segments: not supported");
        }
        long[] shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
        int count;
        try {
            count = Tensor.count(shape);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(source, "tensor '" + proto.getName() + "': " + e.getMessage(), e);
        }
        if (proto.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            return fromBytes(type, shape, ExternalData.read(proto, source, folder, type.bytes(count)));
        }
        if (proto.hasRawData()) {
            requireSize(proto, proto.getRawData().size(), type.bytes(count), "bytes");
            ByteBuffer data = proto.getRawData().asReadOnlyByteBuffer();
            // only what was parsed in mapped memory lies outside the heap
            if (data.isDirect() && type.bits() == Byte.SIZE && count >= LEAST_VIEWED) {
                return Tensor.view(type, MemorySegment.ofBuffer(data), shape);
            }
            return fromBytes(type, shape, proto.getRawData().asReadOnlyByteBuffer());
        }
        return fromFields(proto, type, shape, count);
    }

    private ModelFormatException fail(OnnxMl.TensorProto proto, String what) {
        return new ModelFormatException(source, "tensor '" + proto.getName() + "' " + what);
    }

    private void requireSize(OnnxMl.TensorProto proto, long size, long wanted, String unit)
            throws ModelFormatException {
        if (size != wanted) {
            throw fail(proto, "of shape " + proto.getDimsList() + " has " + size + " " + unit + " of data: must have "
                    + wanted);
        }
    }

    /** A tensor from its elements in little-endian order. */
    static Tensor fromBytes(DataType type, long[] shape, ByteBuffer data) {
        Tensor made = Tensor.allocate(type, shape);
        ByteBuffer bytes = data.order(ByteOrder.LITTLE_ENDIAN);
        switch (made.array()) {
            case float[] a -> bytes.asFloatBuffer().get(a);
            case double[] a -> bytes.asDoubleBuffer().get(a);
            case int[] a -> bytes.asIntBuffer().get(a);
            case long[] a -> bytes.asLongBuffer().get(a);
            case short[] a -> bytes.asShortBuffer().get(a);
            default -> bytes.get(made.bytes());
        }
        return made;
    }

    private Tensor fromFields(OnnxMl.TensorProto proto, DataType type, long[] shape, int count) throws IOException {
        int stored = switch (type) {
            case F32 -> proto.getFloatDataCount();
            case F64 -> proto.getDoubleDataCount();
            case S64 -> proto.getInt64DataCount();
            case U64, U32 -> proto.getUint64DataCount();
            default -> proto.getInt32DataCount();
        };
        // elements of 2 and 4 bits are packed into bytes, each in an int32 of its own
        long wanted = type.bits() < 8 ? type.bytes(count) : count;
        requireSize(proto, stored, wanted, "elements");
        Tensor made = Tensor.allocate(type, shape);
        for (int i = 0; i < stored; i++) {
            switch (type) {
                case F32 -> made.floats()[i] = proto.getFloatData(i);
                case F64 -> made.doubles()[i] = proto.getDoubleData(i);
                case S64 -> made.longs()[i] = proto.getInt64Data(i);
                case U64 -> made.longs()[i] = proto.getUint64Data(i);
                case U32 -> made.ints()[i] = (int) proto.getUint64Data(i);
                case S32 -> made.ints()[i] = proto.getInt32Data(i);
                case F16, BF16, S16, U16 -> made.shorts()[i] = (short) proto.getInt32Data(i);
                default -> made.bytes()[i] = (byte) proto.getInt32Data(i);
            }
        }
        return made;
    }

    OnnxMl.TensorProto write(String name, Tensor tensor) {
        OnnxMl.TensorProto.Builder proto =
                OnnxMl.TensorProto.newBuilder().setName(name).setDataType(OnnxDataTypes.of(tensor.type()));
        Arrays.stream(tensor.shape()).forEach(proto::addDims);
        return proto.setRawData(rawData(tensor)).build();
    }

    private static ByteString rawData(Tensor tensor) {
        byte[] bytes = new byte[(int) tensor.byteSize()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (tensor.array()) {
            case float[] a -> buffer.asFloatBuffer().put(a, 0, tensor.count());
            case double[] a -> buffer.asDoubleBuffer().put(a, 0, tensor.count());
            case int[] a -> buffer.asIntBuffer().put(a, 0, tensor.count());
            case long[] a -> buffer.asLongBuffer().put(a, 0, tensor.count());
            case short[] a -> buffer.asShortBuffer().put(a, 0, tensor.count());
            default -> MemorySegment.copy(tensor.segment(), ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
