// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Activation;
import io.jquant.BinarySpec;
import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.ElementShape.Function;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How machine code over elements is called, with Java in its place: bytes of pairs are added, floats are cut. */
class CodeElementsTest {
    private static final long SEED = 7;
    private static final int MOST = 1 << 16;
    private static final QuantizationParameters BYTES = QuantizationParameters.perTensor(DataType.U8, 1, 0);

    private final ScratchPool pool = new ScratchPool((shape, stage) -> {
        throw new AssertionError("no kernel is wanted");
    });
    private final Random random = new Random(SEED);

    private enum Unused { NONE }

    /** None of them matters here. */
    private static final class Numbers extends ElementNumbers<Unused> {
        Numbers() {
            super(Unused.values());
        }

        @Override
        public Numbers left(Affine operand, float scale) {
            return this;
        }

        @Override
        public Numbers right(Affine operand, float scale) {
            return this;
        }

        @Override
        public Numbers factor(float factor) {
            return this;
        }

        @Override
        public Numbers before(float addend) {
            return this;
        }

        @Override
        public Numbers output(Affine output, int smallest, int largest) {
            return this;
        }

        @Override
        public Numbers fixed(QnnpackAddition sum) {
            return this;
        }
    }

    /** Java in the place of code that goes on by some elements. */
    private static final class Plain extends CodeElements {
        private final Map<MemorySegment, ElementShape> shapes;

        Plain(int step) {
            this(step, new HashMap<>());
        }

        private Plain(int step, Map<MemorySegment, ElementShape> shapes) {
            super((code, input, output, third, arguments) ->
                    compute(shapes.get(code), step, input, output, third, arguments), step);
            this.shapes = shapes;
        }

        @Override
        protected Numbers numbers() {
            return new Numbers();
        }

        @Override
        protected MemorySegment code(ElementShape shape) {
            MemorySegment code = MemorySegment.ofAddress(shapes.size() + 1L);
            shapes.put(code, shape);
            return code;
        }

        @Override
        protected boolean knows(float most) {
            return most < 1e9f;
        }

        @Override
        protected PoolKernel pool(boolean mean, Element input, Element output, ElementNumbers<?> numbers,
                int zeroPoint) {
            return null;
        }
    }

    private static void compute(ElementShape shape, int step, MemorySegment input, MemorySegment output,
            MemorySegment third, MemorySegment arguments) {
        long rows = arguments.get(JAVA_LONG, ElementArguments.ROWS);
        long count = arguments.get(JAVA_LONG, ElementArguments.COUNT);
        assertTrue(rows * count <= MOST, () -> rows + " rows of " + count + " hold the collector back too long");
        for (long row = 0; row < rows; row++) {
            for (long i = 0; i < count; i++) {
                long from = place(arguments, ElementArguments.INPUT, row, i, step, shape.left().bytes());
                int value = shape.left() == Element.F32 ? (int) input.get(JAVA_FLOAT_UNALIGNED, from)
                        : input.get(JAVA_BYTE, from);
                if (shape.right() != null) {
                    value += third.get(JAVA_BYTE, place(arguments, ElementArguments.RIGHT, row, i, step, 1));
                }
                long to = arguments.get(JAVA_LONG, ElementArguments.OUTPUT)
                        + row * arguments.get(JAVA_LONG, ElementArguments.OUTPUT_ROW) + i * shape.output().bytes();
                output.set(JAVA_BYTE, to, (byte) value);
            }
        }
    }

    private static long place(MemorySegment arguments, int operand, long row, long element, int step, int bytes) {
        boolean left = operand == ElementArguments.INPUT;
        long rowStep = arguments.get(JAVA_LONG, left ? ElementArguments.INPUT_ROW : ElementArguments.RIGHT_ROW);
        long blockStep = arguments.get(JAVA_LONG, left ? ElementArguments.INPUT_STEP : ElementArguments.RIGHT_STEP);
        return arguments.get(JAVA_LONG, operand) + (row == 0 ? 0 : row * rowStep) + element / step * blockStep
                + element % step * bytes;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 64})
    void rangesOfAnyLength(int step) {
        RangeKernel kernel = new Plain(step).conversion(null, Affine.of(BYTES));
        for (int count : new int[] {0, 1, step, step + 1, MOST, MOST + 1, 2 * MOST + 70}) {
            float[] floats = new float[count + 3];
            byte[] expected = new byte[count + 5];
            for (int i = 0; i < count; i++) {
                floats[i + 3] = random.nextInt(100);
                expected[i + 5] = (byte) floats[i + 3];
            }
            byte[] output = new byte[count + 5];
            kernel.run(MemorySegment.ofArray(floats), 12, MemorySegment.ofArray(output), 5, count, pool.borrow());
            assertArrayEquals(expected, output, "count " + count + ", seed " + SEED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 64})
    void rowsOfRanges(int step) {
        RangeKernel kernel = new Plain(step).conversion(Affine.of(BYTES), Affine.of(BYTES));
        for (int[] size : new int[][] {{3, 0}, {0, 5}, {1, 1}, {7, 33}, {MOST / 33 + 2, 33}, {2, MOST + 1}}) {
            int rows = size[0];
            int count = size[1];
            byte[] input = bytes(rows * (count + 2));
            byte[] expected = new byte[rows * (count + 3)];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(input, row * (count + 2), expected, row * (count + 3), count);
            }
            byte[] output = new byte[expected.length];
            kernel.rows(MemorySegment.ofArray(input), 0, count + 2, MemorySegment.ofArray(output), 0, count + 3, rows,
                    count, pool.borrow());
            assertArrayEquals(expected, output, rows + " rows of " + count + ", seed " + SEED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 64})
    void pairsOfAnyLength(int step) {
        PairKernel kernel = sum(step);
        for (int count : new int[] {0, 1, step + 1, MOST + 1, 2 * MOST}) {
            for (int steps = 0; steps < 4; steps++) {
                rows(kernel, 1, count, steps & 1, steps >> 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 64})
    void rowsOfPairs(int step) {
        PairKernel kernel = sum(step);
        for (int[] size : new int[][] {{3, 0}, {0, 5}, {7, 33}, {MOST / 33 + 2, 33}, {2, MOST + 1}}) {
            for (int steps = 0; steps < 4; steps++) {
                rows(kernel, size[0], size[1], steps & 1, steps >> 1);
            }
        }
    }

    private static PairKernel sum(int step) {
        return new Plain(step).binary(new BinarySpec(BinarySpec.Function.ADD, Activation.NONE, BYTES, BYTES, BYTES),
                null);
    }

    private void rows(PairKernel kernel, int rows, int count, int leftStep, int rightStep) {
        // an operand with one element a row, or with all of them
        int leftRow = leftStep == 0 ? 1 : count;
        int rightRow = rightStep == 0 ? 1 : count + 1;
        byte[] left = bytes(rows * leftRow);
        byte[] right = bytes(rows * rightRow);
        byte[] expected = new byte[rows * count];
        for (int i = 0; i < expected.length; i++) {
            int row = i / count;
            expected[i] = (byte) (left[row * leftRow + i % count * leftStep]
                    + right[row * rightRow + i % count * rightStep]);
        }
        byte[] output = new byte[rows * count];
        kernel.rows(MemorySegment.ofArray(left), 0, leftRow, leftStep, MemorySegment.ofArray(right), 0, rightRow,
                rightStep, MemorySegment.ofArray(output), 0, rows, count, pool.borrow());
        assertArrayEquals(expected, output, rows + " rows of " + count + ", steps " + leftStep + " and " + rightStep
                + ", seed " + SEED);
    }

    @Test
    void whatTheCodeDoesNotKnowHasNoKernel() {
        Plain plain = new Plain(1);
        QuantizationParameters large = QuantizationParameters.perTensor(DataType.U8, 1e9f, 0);
        assertNull(plain.binary(new BinarySpec(BinarySpec.Function.ADD, Activation.NONE, large, BYTES, BYTES), null));
        assertNull(plain.binary(new BinarySpec(BinarySpec.Function.MULTIPLY, Activation.NONE, large, BYTES, BYTES),
                null));
        assertNull(plain.conversion(new Affine(DataType.S32, 1, 0), null));
        assertNull(plain.conversion(null, new Affine(DataType.S32, 1, 0)));
    }

    /** Keys compare by hand: by all of their parts. */
    @Test
    void shapesAreEqualWhereAllPartsAre() {
        List<ElementShape> shapes = new ArrayList<>();
        for (Element left : Element.values()) {
            for (Element right : new Element[] {null, Element.U8, Element.S8, Element.F32}) {
                for (Function function : Function.values()) {
                    for (Element output : Element.values()) {
                        shapes.add(new ElementShape(left, right, function, output));
                    }
                }
            }
        }
        for (ElementShape shape : shapes) {
            ElementShape same = new ElementShape(shape.left(), shape.right(), shape.function(), shape.output());
            assertEquals(same.hashCode(), shape.hashCode());
            assertEquals(List.of(shape), shapes.stream().filter(same::equals).toList());
        }
    }

    @Test
    void stagesWhoseSumsMayBeNoNumberAreNotFused() {
        assertEquals(CodeStage.RAW, CodeStage.fused(null));
        assertEquals(CodeStage.Output.U8, CodeStage.fused(stage(1e36f)).output());
        assertEquals(CodeStage.RAW, CodeStage.fused(stage(2e36f)));
    }

    private static OutputStage stage(float ratio) {
        return new OutputStage(DataType.U8, 0, 0, 255, false, false, new OutputStage.Addend(false, 0, ratio));
    }
}
