// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.assertSame;
import static io.jquant.kernels.testing.ElementForce.segment;

import io.jquant.EngineOptions;
import io.jquant.ImmutableInts;
import io.jquant.Movement;
import io.jquant.MovementSpec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Elements brought to other places. */
public abstract class MovementCases extends EngineCases {
    private static final int SEEDS = 400;
    private static final long CONSTANT = 0x8899AABBCCDDEEFFL;

    protected MovementCases(EngineOptions options) {
        super(options);
    }

    private void assertMoves(MovementSpec spec, int[] shape, MemorySegment x, MemorySegment expected) {
        MemorySegment y = MemorySegment.ofArray(new byte[(int) expected.byteSize()]);
        try (Movement movement = engine().movement(spec)) {
            movement.run(shape, x, y);
        }
        assertSame(expected, y, spec.toString());
    }

    @Test
    void computedByHand() {
        MemorySegment six = segment(1, 2, 3, 4, 5, 6);
        assertMoves(new MovementSpec.ChannelShuffle(1, 2), new int[] {6}, six, segment(1, 4, 2, 5, 3, 6));
        assertMoves(new MovementSpec.ChannelShuffle(1, 3), new int[] {6}, six, segment(1, 3, 5, 2, 4, 6));
        assertMoves(new MovementSpec.ChannelShuffle(2, 3), new int[] {3}, six, six);
        assertMoves(new MovementSpec.Transpose(1, new ImmutableInts(1, 0)), new int[] {2, 3}, six,
                segment(1, 4, 2, 5, 3, 6));
        assertMoves(new MovementSpec.Transpose(2, new ImmutableInts(1, 0)), new int[] {1, 3}, six, six);
        assertMoves(new MovementSpec.Pad(1, new ImmutableInts(1, 0), new ImmutableInts(0, 2), 0x7FL), new int[] {1, 2},
                segment(1, 2), segment(127, 127, 127, 127, 1, 2, 127, 127));
        assertMoves(new MovementSpec.Pad(1, new ImmutableInts(2), new ImmutableInts(1), 0xFF80L), new int[] {0},
                segment(), segment(128, 128, 128));
    }

    @Test
    void scalarsHaveNoAxes() {
        MemorySegment four = segment(1, 2, 3, 4);
        assertMoves(new MovementSpec.Transpose(4, new ImmutableInts()), new int[0], four, four);
        assertMoves(new MovementSpec.Pad(4, new ImmutableInts(), new ImmutableInts(), 9), new int[0], four, four);
    }

    @Test
    void randomShapes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Samples samples = new Samples(seed);
            Random random = samples.random();
            int bytes = 1 << random.nextInt(4);
            int rank = samples.upTo(5);
            int[] shape = random.ints(rank, random.nextInt(4) == 0 ? 0 : 1, rank > 3 ? 4 : 9).toArray();
            int groups = samples.upTo(4);
            MovementSpec spec = switch (random.nextInt(3)) {
                case 0 -> {
                    shape[rank - 1] *= groups;
                    yield new MovementSpec.ChannelShuffle(bytes, groups);
                }
                case 1 -> new MovementSpec.Pad(bytes, new ImmutableInts(random.ints(rank, 0, 3).toArray()),
                        new ImmutableInts(random.ints(rank, 0, 3).toArray()), CONSTANT);
                default -> new MovementSpec.Transpose(bytes, permutation(random, rank));
            };
            compare(spec, shape, samples, "seed " + seed + ", " + spec + " of " + Arrays.toString(shape));
        }
    }

    private static ImmutableInts permutation(Random random, int rank) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return new ImmutableInts(order);
    }

    private void compare(MovementSpec spec, int[] shape, Samples samples, String message) {
        int bytes = spec.elementBytes();
        int[] outputShape = spec.outputShape(shape);
        MemorySegment x = samples.bytes((long) product(shape) * bytes);
        int size = product(outputShape) * bytes;
        MemorySegment expected = MemorySegment.ofArray(constants(size, bytes));
        // from the input's side: every element of it goes to one place of the output
        for (int i = 0; i < product(shape); i++) {
            int[] place = place(i, shape);
            int to = index(target(spec, place, shape), outputShape);
            MemorySegment.copy(x, (long) i * bytes, expected, (long) to * bytes, bytes);
        }
        Guarded y = new Guarded(samples.random(), size);
        try (Movement movement = engine().movement(spec)) {
            movement.run(shape, x, y.segment());
        }
        assertSame(expected, y.segment(), message);
        y.assertUntouched(Math.max(size, 1), Math.max(size, 1), message);
    }

    private static byte[] constants(int size, int bytes) {
        byte[] constant = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(CONSTANT).array();
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            int within = i % bytes;
            all[i] = constant[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? within : bytes - 1 - within];
        }
        return all;
    }

    private static int[] target(MovementSpec spec, int[] place, int[] shape) {
        int[] target = place.clone();
        switch (spec) {
            case MovementSpec.ChannelShuffle shuffle -> {
                int last = shape.length - 1;
                int inGroup = shape[last] / shuffle.groups();
                target[last] = place[last] % inGroup * shuffle.groups() + place[last] / inGroup;
            }
            case MovementSpec.Pad pad -> Arrays.setAll(target, axis -> place[axis] + pad.begin().get(axis));
            case MovementSpec.Transpose transpose ->
                    Arrays.setAll(target, axis -> place[transpose.permutation().get(axis)]);
        }
        return target;
    }

    private static int[] place(int index, int[] shape) {
        int[] place = new int[shape.length];
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return place;
    }

    private static int index(int[] place, int[] shape) {
        int index = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            index = index * shape[axis] + place[axis];
        }
        return index;
    }

    private static int product(int[] shape) {
        return Arrays.stream(shape).reduce(1, (x, y) -> x * y);
    }

    @Test
    void refusesArguments() {
        MemorySegment six = segment(1, 2, 3, 4, 5, 6);
        try (Movement shuffle = engine().movement(new MovementSpec.ChannelShuffle(1, 4))) {
            assertRefused("channels = 6: must be a multiple of groups, 4",
                    () -> shuffle.run(new int[] {6}, six, MemorySegment.ofArray(new byte[6])));
            assertRefused("shape.length = 0: must be above 0",
                    () -> shuffle.run(new int[0], six, MemorySegment.ofArray(new byte[6])));
        }
        try (Movement transpose = engine().movement(new MovementSpec.Transpose(1, new ImmutableInts(1, 0)))) {
            assertRefused("shape.length = 3: must be the permutation's, 2",
                    () -> transpose.run(new int[] {1, 2, 3}, six, MemorySegment.ofArray(new byte[6])));
            assertRefused("output = 5 bytes: must be at least 6 bytes",
                    () -> transpose.run(new int[] {2, 3}, six, MemorySegment.ofArray(new byte[5])));
            assertRefused("output = memory that overlaps input: must be memory of its own",
                    () -> transpose.run(new int[] {2, 3}, six, six));
        }
    }
}
