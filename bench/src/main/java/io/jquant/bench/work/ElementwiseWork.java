// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Activation;
import io.jquant.Binary;
import io.jquant.BinarySpec;
import io.jquant.Conversion;
import io.jquant.ConversionSpec;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.QuantizationParameters;
import io.jquant.Unary;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;

/**
 * A function of every element, or of two at the same place. Shapes are the number of elements.
 *
 * @param kind which
 * @param elements how many
 * @param left the operand
 * @param right the second operand; null where there is none
 */
public record ElementwiseWork(Kind kind, long elements, MemorySegment left, MemorySegment right) implements Workload {
    /** Parameters of the second operand. */
    public static final QuantizationParameters OTHER = QuantizationParameters.perTensor(DataType.U8, 0.03f, 120);
    /** Parameters of the result. */
    public static final QuantizationParameters RESULT = QuantizationParameters.perTensor(DataType.U8, 0.07f, 110);

    /** Which function. */
    public enum Kind {
        /** f32 to u8. */
        QUANTIZE,
        /** u8 to f32. */
        DEQUANTIZE,
        /** u8 to u8 of other parameters. */
        REQUANTIZE,
        /** The sum of two tensors. */
        ADD,
        /** The product of two tensors. */
        MULTIPLY,
        /** Bounds of 0 and 6. */
        RELU6,
        /** A function that is a table. */
        SIGMOID
    }

    static ElementwiseWork of(Kind kind, String shape) {
        long elements = Operands.numbers(shape, 1)[0];
        MemorySegment left = kind == Kind.QUANTIZE ? Operands.floats(elements, 1) : Operands.bytes(elements, 1);
        boolean two = kind == Kind.ADD || kind == Kind.MULTIPLY;
        return new ElementwiseWork(kind, elements, left, two ? Operands.bytes(elements, 2) : null);
    }

    @Override
    public long operations() {
        return elements;
    }

    @Override
    public Bound bound() {
        return new Copying(traffic());
    }

    @Override
    public long traffic() {
        return left.byteSize() + (right == null ? 0 : right.byteSize()) + outputType().bytes(elements);
    }

    @Override
    public String types() {
        return switch (kind) {
            case QUANTIZE -> "f32u8";
            case DEQUANTIZE -> "u8f32";
            case REQUANTIZE, RELU6, SIGMOID -> "u8u8";
            case ADD, MULTIPLY -> "u8u8u8";
        };
    }

    @Override
    public DataType outputType() {
        return kind == Kind.DEQUANTIZE ? DataType.F32 : DataType.U8;
    }

    @Override
    public Subject on(Engine engine) {
        MemorySegment output = Operands.zeros(outputType(), elements);
        return switch (kind) {
            case QUANTIZE -> conversion(engine, null, Operands.INPUT, output);
            case DEQUANTIZE -> conversion(engine, Operands.INPUT, null, output);
            case REQUANTIZE -> conversion(engine, Operands.INPUT, RESULT, output);
            case ADD -> binary(engine, BinarySpec.Function.ADD, output);
            case MULTIPLY -> binary(engine, BinarySpec.Function.MULTIPLY, output);
            case RELU6 -> unary(engine, new UnaryFunction.Clamp(Activation.RELU6), Operands.INPUT, output);
            case SIGMOID -> unary(engine, new UnaryFunction.Sigmoid(),
                    QuantizationParameters.perTensor(DataType.U8, 1 / 256f, 0), output);
        };
    }

    private Subject conversion(Engine engine, QuantizationParameters from, QuantizationParameters to,
            MemorySegment output) {
        Conversion conversion = engine.conversion(new ConversionSpec(from, to));
        return Subject.of(() -> conversion.run(elements, left, output), output, conversion::close);
    }

    private Subject binary(Engine engine, BinarySpec.Function function, MemorySegment output) {
        Binary binary = engine.binary(new BinarySpec(function, Activation.NONE, Operands.INPUT, OTHER, RESULT));
        return Subject.of(() -> binary.run(elements, left, right, output), output, binary::close);
    }

    private Subject unary(Engine engine, UnaryFunction function, QuantizationParameters to, MemorySegment output) {
        Unary unary = engine.unary(new UnarySpec(function, Operands.INPUT, to));
        return Subject.of(() -> unary.run(elements, left, output), output, unary::close);
    }
}
