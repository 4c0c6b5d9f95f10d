// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.atEveryZeroPoint;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.u8;

import io.jquant.Activation;
import io.jquant.BinarySpec;
import io.jquant.ConversionSpec;
import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.spi.BinaryKernel;
import io.jquant.spi.ConversionKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.OperatorKernel;
import io.jquant.spi.UnaryKernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An operator that makes an element of an element, or of two: a line of the table that kernels are tested with.
 *
 * @param name the operator
 * @param inputs what the elements of its inputs are, one or two
 * @param output what the elements of its output are
 * @param open makes it on a backend
 */
record ElementLine(String name, List<DataType> inputs, DataType output, Function<EngineBackend, Operator> open) {
    /** The scales at which products of small numbers lie half way between two integers. */
    private static final double[] SCALES = {0.5, 0.0471};

    /** An operator on a number of elements. */
    interface Run {
        void run(int count, List<MemorySegment> inputs, MemorySegment output);
    }

    /** An operator to be closed. */
    record Operator(OperatorKernel kernel, Run run) implements AutoCloseable {
        @Override
        public void close() {
            kernel.close();
        }
    }

    static List<ElementLine> all() {
        List<ElementLine> lines = new ArrayList<>();
        for (double scale : SCALES) {
            for (QuantizationParameters p : atEveryZeroPoint(scale)) {
                lines.add(conversion(null, p));
                lines.add(conversion(p, null));
                lines.add(conversion(p, u8(0.3, 11)));
                lines.add(conversion(p, s8(0.7, -3)));
                for (BinarySpec.Function function : BinarySpec.Function.values()) {
                    lines.add(binary(new BinarySpec(function, Activation.NONE, p, u8(0.25, 3), u8(0.75, 128))));
                    lines.add(binary(new BinarySpec(function, Activation.RELU, u8(0.25, 3), p, s8(0.5, -7))));
                    lines.add(binary(new BinarySpec(function, Activation.RELU6, p, p, p)));
                    lines.add(broadcast(new BinarySpec(function, Activation.NONE, p, p, u8(0.75, 128))));
                }
            }
        }
        for (QuantizationParameters p : new QuantizationParameters[] {u8(0.05, 7), s8(0.05, -100)}) {
            lines.add(unary(new UnaryFunction.Clamp(Activation.RELU), p, p));
            lines.add(unary(new UnaryFunction.Clamp(Activation.RELU6), p, p));
            lines.add(unary(new UnaryFunction.Sigmoid(), p, p));
            lines.add(unary(new UnaryFunction.HardSwish(), p, u8(0.02, 3)));
        }
        return lines;
    }

    /** A line for each kind of kernel. */
    static List<ElementLine> kinds() {
        QuantizationParameters p = u8(0.05, 7);
        QuantizationParameters q = s8(0.3, 5);
        List<ElementLine> lines = new ArrayList<>(List.of(conversion(null, p), conversion(p, null), conversion(p, q),
                unary(new UnaryFunction.Clamp(Activation.RELU), p, p), unary(new UnaryFunction.Sigmoid(), p, p)));
        for (BinarySpec.Function function : BinarySpec.Function.values()) {
            lines.add(binary(new BinarySpec(function, Activation.RELU, p, p, p)));
        }
        return lines;
    }

    private static ElementLine conversion(QuantizationParameters from, QuantizationParameters to) {
        ConversionSpec spec = new ConversionSpec(from, to);
        return new ElementLine(spec.toString(), List.of(spec.inputType()), spec.outputType(), backend -> {
            ConversionKernel kernel = backend.conversion(spec);
            return new Operator(kernel, (count, x, y) -> kernel.run(1, count, x.getFirst(), y));
        });
    }

    private static ElementLine unary(UnaryFunction function, QuantizationParameters from, QuantizationParameters to) {
        UnarySpec spec = new UnarySpec(function, from, to);
        return new ElementLine(spec.toString(), List.of(from.type()), to.type(), backend -> {
            UnaryKernel kernel = backend.unary(spec);
            return new Operator(kernel, (count, x, y) -> kernel.run(count, x.getFirst(), y));
        });
    }

    private static ElementLine binary(BinarySpec spec) {
        return new ElementLine(spec.toString(), List.of(spec.left().type(), spec.right().type()), spec.output().type(),
                backend -> {
                    BinaryKernel kernel = backend.binary(spec);
                    return new Operator(kernel, (count, x, y) -> kernel.run(false, 1, count, x.get(0), count, 1,
                            x.get(1), count, 1, y, 0));
                });
    }

    /** Three rows where the number allows it, for each of which the right operand begins anew. */
    private static ElementLine broadcast(BinarySpec spec) {
        return new ElementLine(spec + " of rows", List.of(spec.left().type(), spec.right().type()),
                spec.output().type(), backend -> {
                    BinaryKernel kernel = backend.binary(spec);
                    return new Operator(kernel, (count, x, y) -> {
                        int rows = count % 3 == 0 ? 3 : 1;
                        kernel.run(true, rows, count / rows, x.get(0), count / rows, 1, x.get(1), 0, 1, y, 0);
                    });
                });
    }
}
