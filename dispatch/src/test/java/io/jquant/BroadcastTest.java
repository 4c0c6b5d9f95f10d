// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BroadcastTest {
    private static final int LARGEST = Integer.MAX_VALUE;

    static Stream<Refusal> refusals() {
        return Stream.of(
                Refusal.of("left shape = null: must be given", () -> Broadcast.of(null, new int[1])),
                Refusal.of("right shape = null: must be given", () -> Broadcast.of(new int[1], null)),
                Refusal.of("left shape[1] = -1: must be 0 or more",
                        () -> Broadcast.of(new int[] {1, -1}, new int[] {1})),
                Refusal.of("right shape = [2, 4]: must be the left's or 1 on every axis; the left is [2, 3]",
                        () -> Broadcast.of(new int[] {2, 3}, new int[] {2, 4})),
                Refusal.of("right shape = [0]: must be the left's or 1 on every axis; the left is [3]",
                        () -> Broadcast.of(new int[] {3}, new int[] {0})),
                Refusal.of("left shape = 4611686014132420609 * 2147483647: must be below 2^63",
                        () -> Broadcast.of(new int[] {LARGEST, LARGEST, LARGEST}, new int[] {1})),
                Refusal.of("output shape = 4611686014132420609 * 4: must be below 2^63",
                        () -> Broadcast.of(new int[] {LARGEST, LARGEST, 1}, new int[] {4})));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void blocksAreTheElementsThatIndexingGives() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            int[] full = random.ints(random.nextInt(6), 0, 5).map(size -> size == 0 ? random.nextInt(2) : size)
                    .toArray();
            int[] left = operand(random, full);
            int[] right = operand(random, full);
            int[] output = output(left, right);
            String what = Arrays.toString(left) + " and " + Arrays.toString(right) + ", seed " + seed;
            Broadcast broadcast = Broadcast.of(left, right);
            int elements = Arrays.stream(output).reduce(1, (a, b) -> a * b);
            assertEquals(elements, broadcast.elements(), what);
            long[] leftAt = new long[elements];
            long[] rightAt = new long[elements];
            Arrays.fill(leftAt, -1);
            broadcast.forEachBlock((rows, columns, l, leftStride, leftStep, r, rightStride, rightStep, at) -> {
                assertTrue(leftStep >= 0 && leftStep <= 1 && rightStep >= 0 && rightStep <= 1, what);
                for (long row = 0; row < rows; row++) {
                    for (long column = 0; column < columns; column++) {
                        int place = (int) (at + row * columns + column);
                        assertEquals(-1, leftAt[place], what);
                        leftAt[place] = l + row * leftStride + column * leftStep;
                        rightAt[place] = r + row * rightStride + column * rightStep;
                    }
                }
            });
            assertArrayEquals(indices(left, output), leftAt, what);
            assertArrayEquals(indices(right, output), rightAt, what);
        }
    }

    /** The shape with some axes 1, and some of the first left out. */
    private static int[] operand(Random random, int[] full) {
        int[] shape = Arrays.copyOfRange(full, full.length == 0 ? 0 : random.nextInt(full.length + 1), full.length);
        for (int i = 0; i < shape.length; i++) {
            if (random.nextInt(3) == 0) {
                shape[i] = 1;
            }
        }
        return shape;
    }

    private static int[] output(int[] left, int[] right) {
        int[] output = new int[Math.max(left.length, right.length)];
        for (int i = 1; i <= output.length; i++) {
            int l = i > left.length ? 1 : left[left.length - i];
            int r = i > right.length ? 1 : right[right.length - i];
            output[output.length - i] = l == 1 ? r : l;
        }
        return output;
    }

    /** Of every element of the output in turn, the operand's element that belongs to it. */
    private static long[] indices(int[] shape, int[] output) {
        int elements = Arrays.stream(output).reduce(1, (a, b) -> a * b);
        long[] indices = new long[elements];
        for (int element = 0; element < elements; element++) {
            int rest = element;
            long stride = 1;
            for (int i = 1; i <= output.length; i++) {
                int index = rest % output[output.length - i];
                rest /= output[output.length - i];
                if (i <= shape.length) {
                    indices[element] += shape[shape.length - i] == 1 ? 0 : index * stride;
                    stride *= shape[shape.length - i];
                }
            }
        }
        return indices;
    }

    private static List<String> blocks(int[] left, int[] right) {
        List<String> blocks = new ArrayList<>();
        Broadcast.of(left, right).forEachBlock((rows, columns, l, ls, lt, r, rs, rt, at) -> blocks.add(rows + "x"
                + columns));
        return blocks;
    }

    @Test
    void axesThatGoOnAlikeAreOne() {
        assertEquals(List.of("1x120"), blocks(new int[] {2, 3, 4, 5}, new int[] {2, 3, 4, 5}));
        assertEquals(List.of("24x5"), blocks(new int[] {2, 3, 4, 5}, new int[] {5}));
        assertEquals(List.of("1x120"), blocks(new int[] {2, 3, 4, 5}, new int[] {}));
        assertEquals(List.of("6x20"), blocks(new int[] {2, 3, 4, 5}, new int[] {2, 3, 1, 1}));
        assertEquals(List.of("1x1"), blocks(new int[] {}, new int[] {}));
        assertEquals(List.of("3x20", "3x20"), blocks(new int[] {2, 3, 4, 5}, new int[] {2, 1, 4, 5}));
        assertEquals(List.of(), blocks(new int[] {LARGEST, LARGEST, LARGEST, 0}, new int[] {1}));
    }
}
