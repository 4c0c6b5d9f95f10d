// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.spi.Numerics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of saved operators: as described, and nothing else is believed. */
class OperatorFormatTest {
    private static final Engine ENGINE = StubBackend.engine();
    private static final int VERSION = 8;
    private static final int KIND = 12;
    private static final int NUMERICS = 16;
    private static final int DESCRIPTION_BYTES = 20;
    private static final int WEIGHT_BYTES = 24;
    private static final int DESCRIPTION = 32;

    static Stream<PackedOperator<?>> operators() {
        return SavedOperators.all(ENGINE, 1).stream();
    }

    private static PackedOperator<?> load(byte[] bytes) throws IOException {
        return ENGINE.load(new ByteArrayInputStream(bytes));
    }

    private static String refusal(byte[] bytes) {
        return assertThrows(OperatorFormatException.class, () -> load(bytes)).getMessage();
    }

    @ParameterizedTest
    @MethodSource("operators")
    void whatIsSavedIsLoaded(PackedOperator<?> operator) throws IOException {
        byte[] bytes = SavedOperators.bytes(operator);
        try (PackedOperator<?> loaded = load(bytes)) {
            SavedOperators.assertSame(operator, loaded);
            assertArrayEquals(bytes, SavedOperators.bytes(loaded));
        }
    }

    @ParameterizedTest
    @MethodSource("operators")
    void aTruncatedOneIsRefusedAtEveryLength(PackedOperator<?> operator) {
        byte[] bytes = SavedOperators.bytes(operator);
        for (int length = 0; length < bytes.length; length++) {
            String message = refusal(Arrays.copyOf(bytes, length));
            assertTrue(message.startsWith("stream: ") && message.endsWith("it is truncated"), message);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertEquals("stream: end = more bytes: must be the end: it is followed by something else", refusal(longer));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void everyChangeOfOneByteIsRefused(PackedOperator<?> operator) {
        byte[] bytes = SavedOperators.bytes(operator);
        for (int at = 0; at < bytes.length; at++) {
            for (int flip : new int[] {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF}) {
                bytes[at] ^= (byte) flip;
                assertThrows(OperatorFormatException.class, () -> load(bytes), "byte " + at + " ^ " + flip);
                bytes[at] ^= (byte) flip;
            }
        }
    }

    @Test
    void theBytesAreThoseDescribed() {
        QuantizationParameters input = QuantizationParameters.perTensor(DataType.U8, 0.5f, 128);
        QuantizationParameters weight = QuantizationParameters.perChannel(DataType.S8, new float[] {0.25f, 2},
                new int[] {-1, 7}, 0);
        QuantizationParameters output = QuantizationParameters.perTensor(DataType.S8, 4, -5);
        Epilogue epilogue = Epilogue.quantized(output).with(Activation.RELU6);
        ByteBuffer bytes = ByteBuffer.allocate(500).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x89, 'J', 'Q', 'O', '\r', '\n', 0x1A, '\n'});
        bytes.putInt(1).putInt(1).putInt(1).putInt(0).putLong(6);
        bytes.putInt(3).putInt(2);
        bytes.put((byte) 0).putInt(-1).putInt(1).putFloat(0.5f).putInt(128);
        bytes.put((byte) 1).putInt(0).putInt(2).putFloat(0.25f).putFloat(2).putInt(-1).putInt(7);
        bytes.put((byte) 1);
        bytes.put((byte) 1).put((byte) 1).putInt(-1).putInt(1).putFloat(4).putInt(-5);
        bytes.putFloat(0).putFloat(6);
        bytes.put((byte) 0);
        bytes.put((byte) 1).putInt(2).putInt(100).putInt(-200);
        byte[] weights = {1, 2, 3, -4, -5, -6};
        int described = bytes.position() - DESCRIPTION;
        bytes.putInt(DESCRIPTION_BYTES, described);
        bytes.put(weights);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.array(), 0, bytes.position());
        bytes.putInt((int) checksum.getValue());
        PackedLinear linear = ENGINE.linear(new LinearSpec(3, 2, input, weight, epilogue),
                MemorySegment.ofArray(weights), Bias.of(100, -200));
        assertArrayEquals(Arrays.copyOf(bytes.array(), bytes.position()), SavedOperators.bytes(linear));
    }

    /** The first operator's bytes, changed, with a checksum that is right. */
    private static byte[] forged(PackedOperator<?> operator, Consumer<ByteBuffer> change) {
        byte[] bytes = SavedOperators.bytes(operator);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(buffer);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - Integer.BYTES);
        buffer.putInt(bytes.length - Integer.BYTES, (int) checksum.getValue());
        return bytes;
    }

    private static String forgedLinear(Consumer<ByteBuffer> change) {
        return refusal(forged(operators().findFirst().orElseThrow(), change));
    }

    @Test
    void headersThatAreNotKnownAreRefused() {
        assertEquals("stream: magic = 504b030400000000: must be 894a514f0d0a1a0a: this is no saved operator",
                refusal(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0}));
        assertEquals("stream: header = 0 bytes: must be 32 bytes: it is truncated", refusal(new byte[0]));
        assertEquals("stream: version = 2: must be 1, the only one that this jquant knows",
                forgedLinear(bytes -> bytes.putInt(VERSION, 2)));
        assertEquals("stream: kind = 7: must be 1 to 6, the kinds that this jquant knows",
                forgedLinear(bytes -> bytes.putInt(KIND, 7)));
        assertEquals("stream: numerics = 3: must be 1 or 2", forgedLinear(bytes -> bytes.putInt(NUMERICS, 3)));
        assertEquals("stream: description = 4294967295 bytes: must be below 2^31",
                forgedLinear(bytes -> bytes.putInt(DESCRIPTION_BYTES, -1)));
        assertEquals("stream: weights = 0 bytes: must be at least 1 and below 2^62",
                forgedLinear(bytes -> bytes.putLong(WEIGHT_BYTES, 0)));
        assertEquals("stream: weights = 18446744073709551615 bytes: must be at least 1 and below 2^62",
                forgedLinear(bytes -> bytes.putLong(WEIGHT_BYTES, -1)));
    }

    @Test
    void lengthsThatAreNotThereTakeNoMemory() {
        assertTrue(forgedLinear(bytes -> bytes.putInt(DESCRIPTION_BYTES, Integer.MAX_VALUE))
                .endsWith("must be 2147483647 bytes: it is truncated"));
        assertTrue(forgedLinear(bytes -> bytes.putLong(WEIGHT_BYTES, 1L << 61))
                .endsWith("must be 2305843009213693952 bytes: it is truncated"));
    }

    @Test
    void otherNumericsAreRefused() {
        Engine qnnpack = StubBackend.engine(new StubBackend(Numerics.QNNPACK));
        byte[] bytes = SavedOperators.bytes(operators().findFirst().orElseThrow());
        assertEquals("stream: numerics = FBGEMM: must be QNNPACK, those of this engine: other results would come of"
                + " the same weights", assertThrows(OperatorFormatException.class,
                        () -> qnnpack.load(new ByteArrayInputStream(bytes))).getMessage());
    }

    @Test
    void descriptionsThatMakeNoSenseAreRefused() {
        int scale = DESCRIPTION + 8 + 9;
        assertEquals("stream: description: scale = NaN: must be finite and above 0, and so must be its reciprocal",
                forgedLinear(bytes -> bytes.putFloat(scale, Float.NaN)));
        assertEquals("stream: description: type = code 9: must be below 4",
                forgedLinear(bytes -> bytes.put(DESCRIPTION + 8, (byte) 9)));
        assertEquals("stream: description: channels = -1: must be 0 or more",
                forgedLinear(bytes -> bytes.putInt(scale - 4, -1)));
        assertEquals("stream: description: channels = 2: must be 1 where there is no axis",
                forgedLinear(bytes -> bytes.putInt(scale - 4, 2)));
        assertTrue(forgedLinear(bytes -> bytes.putInt(scale - 4, Integer.MAX_VALUE))
                .endsWith("must be at least 17179869176"));
        assertEquals("stream: description: weights = 12 bytes: must be 16 bytes, as the specification says",
                forgedLinear(bytes -> bytes.putInt(DESCRIPTION, 4)));
        assertEquals("stream: description: inFeatures = 0: must be above 0",
                forgedLinear(bytes -> bytes.putInt(DESCRIPTION, 0)));
    }

    @Test
    void theEndOfADescriptionIsItsEnd() {
        PackedOperator<?> bag = operators().skip(7).findFirst().orElseThrow();
        // one byte more of description and one less of weights
        assertEquals("stream: description: bytes after the end = 1: must be 0", refusal(forged(bag, bytes -> {
            bytes.putInt(DESCRIPTION_BYTES, bytes.getInt(DESCRIPTION_BYTES) + 1);
            bytes.putLong(WEIGHT_BYTES, bytes.getLong(WEIGHT_BYTES) - 1);
        })));
        assertEquals("stream: description: bytes left for a byte = 0: must be at least 1",
                refusal(forged(bag, bytes -> {
                    bytes.putInt(DESCRIPTION_BYTES, bytes.getInt(DESCRIPTION_BYTES) - 1);
                    bytes.putLong(WEIGHT_BYTES, bytes.getLong(WEIGHT_BYTES) + 1);
                })));
        assertEquals("stream: description: boolean = 2: must be 0 or 1",
                refusal(forged(bag, bytes -> bytes.put(DESCRIPTION + 16, (byte) 2))));
    }

    @Test
    void aBiasThatDoesNotGoWithTheSpecificationIsRefused() {
        PackedOperator<?> dynamic = operators().skip(2).findFirst().orElseThrow();
        assertEquals("stream: bias = integers: must be none or real", refusal(forged(dynamic,
                bytes -> bytes.put(biasAt(bytes, 3), (byte) 1))));
        assertEquals("stream: description: bias = code 3: must be 0, 1 or 2", refusal(forged(dynamic,
                bytes -> bytes.put(biasAt(bytes, 3), (byte) 3))));
        assertEquals("stream: description: bias[1] = NaN: must be finite", refusal(forged(dynamic,
                bytes -> bytes.putFloat(biasAt(bytes, 3) + 9, Float.NaN))));
    }

    /** Where the bias of some channels begins, the last part of the description. */
    private static int biasAt(ByteBuffer bytes, int channels) {
        return DESCRIPTION + bytes.getInt(DESCRIPTION_BYTES) - 4 * channels - 5;
    }

    @Test
    void randomDescriptionsWithRightChecksumsDoNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PackedOperator<?>[] all = operators().toArray(PackedOperator<?>[]::new);
        int loaded = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = forged(all[random.nextInt(all.length)], buffer -> {
                int length = buffer.getInt(DESCRIPTION_BYTES);
                for (int change = random.nextInt(3); change >= 0; change--) {
                    int value = random.nextBoolean() ? random.nextInt(6) - 1 : random.nextInt();
                    buffer.put(DESCRIPTION + random.nextInt(length), (byte) value);
                }
            });
            try (PackedOperator<?> operator = load(bytes)) {
                assertArrayEquals(bytes, SavedOperators.bytes(operator), "seed " + seed + ", round " + round);
                loaded++;
            } catch (OperatorFormatException e) {
                assertTrue(e.getMessage().startsWith("stream: "), e::getMessage);
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertTrue(loaded > 100, "loaded " + loaded + ", seed " + seed);
    }

    /** A stream that gives a few bytes at a time. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream bytes;
        private final Random random;
        private boolean closed;

        Trickle(byte[] bytes, Random random) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes.read(into, offset, Math.min(length, 1 + random.nextInt(5_000)));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void weightsLargerThanTheFirstReserveGrowAsTheyCome() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        LinearSpec spec = new LinearSpec(2_531, 1_777, Specs.U8, Specs.S8, Specs.TO_F32);
        PackedLinear linear = ENGINE.linear(spec, SavedOperators.random(random, spec), Bias.none());
        byte[] bytes = SavedOperators.bytes(linear);
        Trickle stream = new Trickle(bytes, random);
        try (PackedLinear loaded = ENGINE.load(stream, PackedLinear.class)) {
            SavedOperators.assertSame(linear, loaded);
        }
        assertFalse(stream.closed);
        byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
        assertThrows(OperatorFormatException.class, () -> ENGINE.load(new Trickle(half, random)));
    }

    @Test
    void aStreamThatFailsSaysSoItself() {
        byte[] bytes = SavedOperators.bytes(operators().findFirst().orElseThrow());
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cable pulled");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("cable pulled");
            }
        };
        for (int length : new int[] {0, 20, 60, bytes.length - 2}) {
            InputStream stream = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, length), broken);
            assertEquals("cable pulled", assertThrows(IOException.class, () -> ENGINE.load(stream)).getMessage());
        }
    }

    @Test
    void theKindWantedIsTheKindLoaded() throws IOException {
        byte[] linear = SavedOperators.bytes(operators().findFirst().orElseThrow());
        try (PackedLinear loaded = ENGINE.load(new ByteArrayInputStream(linear), PackedLinear.class)) {
            assertEquals(3, loaded.inFeatures());
        }
        assertEquals("stream: kind = LINEAR: must be a PackedConvolution", assertThrows(OperatorFormatException.class,
                () -> ENGINE.load(new ByteArrayInputStream(linear), PackedConvolution.class)).getMessage());
        Refusal.of("type = null: must be given",
                () -> ENGINE.load(new ByteArrayInputStream(linear), (Class<PackedLinear>) null)).check();
    }
}
