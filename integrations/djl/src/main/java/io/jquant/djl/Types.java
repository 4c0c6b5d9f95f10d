// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.jquant.graph.Dim;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Types, shapes and memory of DJL as jquant's, and the other way round. */
final class Types {
    private Types() {
    }

    static io.jquant.DataType ours(DataType type) {
        return switch (type) {
            case FLOAT32 -> io.jquant.DataType.F32;
            case FLOAT64 -> io.jquant.DataType.F64;
            case FLOAT16 -> io.jquant.DataType.F16;
            case BFLOAT16 -> io.jquant.DataType.BF16;
            case UINT8 -> io.jquant.DataType.U8;
            case INT8 -> io.jquant.DataType.S8;
            case INT16 -> io.jquant.DataType.S16;
            case INT32 -> io.jquant.DataType.S32;
            case INT64 -> io.jquant.DataType.S64;
            case BOOLEAN -> io.jquant.DataType.BOOL;
            default -> throw new UnsupportedOperationException("arrays of " + type + " are not jquant's");
        };
    }

    static DataType theirs(io.jquant.DataType type) {
        return switch (type) {
            case F32 -> DataType.FLOAT32;
            case F64 -> DataType.FLOAT64;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case U8 -> DataType.UINT8;
            case S8 -> DataType.INT8;
            case S16 -> DataType.INT16;
            case S32 -> DataType.INT32;
            case S64 -> DataType.INT64;
            case BOOL -> DataType.BOOLEAN;
            default -> throw new UnsupportedOperationException("arrays of " + type + " are not DJL's");
        };
    }

    /** A shape as far as it is known: -1 where it is not. */
    static Shape theirs(io.jquant.graph.Shape shape) {
        return new Shape(shape.dims().stream().mapToLong(Dim::value).toArray());
    }

    /** A tensor of its own memory, with the elements that a buffer has left, in its byte order. */
    static Tensor tensor(Buffer data, Shape shape, DataType type) {
        Tensor tensor = Tensor.allocate(ours(type), shape.getShape());
        MemorySegment source = MemorySegment.ofBuffer(data);
        if (source.byteSize() != tensor.segment().byteSize()) {
            throw new IllegalArgumentException("data = " + source.byteSize() + " bytes: must be "
                    + tensor.segment().byteSize() + " for " + shape + " of " + type);
        }
        tensor.segment().copyFrom(source);
        return tensor;
    }

    /** The elements, copied. */
    static ByteBuffer bytes(Tensor tensor, boolean direct) {
        int size = Math.toIntExact(tensor.segment().byteSize());
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        MemorySegment.ofBuffer(bytes).copyFrom(tensor.segment());
        return bytes.order(ByteOrder.nativeOrder());
    }
}
