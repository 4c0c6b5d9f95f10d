// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import io.jquant.DataType;

/** Single elements of the arrays that back tensors, of any type. */
final class Elements {
    private Elements() {}

    static Object allocate(DataType type, int count) {
        return switch (type) {
            case F32 -> new float[count];
            case F64 -> new double[count];
            case S32, U32 -> new int[count];
            case S64, U64 -> new long[count];
            case F16, BF16, S16, U16 -> new short[count];
            default -> new byte[(int) type.bytes(count)];
        };
    }

    static long getLong(DataType type, Object array, int i) {
        return switch (type) {
            case S64, U64 -> ((long[]) array)[i];
            case S32 -> ((int[]) array)[i];
            case U32 -> Integer.toUnsignedLong(((int[]) array)[i]);
            case S16 -> ((short[]) array)[i];
            case U16 -> ((short[]) array)[i] & 0xffff;
            case S8 -> ((byte[]) array)[i];
            case U8, BOOL -> ((byte[]) array)[i] & 0xff;
            case U4, U2 -> packed((byte[]) array, type.bits(), i);
            case S4, S2 -> (long) packed((byte[]) array, type.bits(), i) << (64 - type.bits()) >> (64 - type.bits());
            default -> (long) getDouble(type, array, i);
        };
    }

    static double getDouble(DataType type, Object array, int i) {
        return switch (type) {
            case F32 -> ((float[]) array)[i];
            case F64 -> ((double[]) array)[i];
            case F16 -> Float.float16ToFloat(((short[]) array)[i]);
            case BF16 -> Float.intBitsToFloat(((short[]) array)[i] << 16);
            case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ -> MiniFloat.of(type).decode(((byte[]) array)[i] & 0xff);
            case F4E2M1 -> MiniFloat.of(type).decode(packed((byte[]) array, 4, i));
            case F8E8M0 -> powerOfTwo(((byte[]) array)[i] & 0xff);
            case U64 -> unsigned(((long[]) array)[i]);
            default -> (double) getLong(type, array, i);
        };
    }

    static void setLong(DataType type, Object array, int i, long value) {
        switch (type) {
            case S64, U64 -> ((long[]) array)[i] = value;
            case S32, U32 -> ((int[]) array)[i] = (int) value;
            case S16, U16 -> ((short[]) array)[i] = (short) value;
            case S8, U8 -> ((byte[]) array)[i] = (byte) value;
            case BOOL -> ((byte[]) array)[i] = (byte) (value == 0 ? 0 : 1);
            case U4, S4, U2, S2 -> pack((byte[]) array, type.bits(), i, (int) value);
            default -> setDouble(type, array, i, (double) value);
        }
    }

    static void setDouble(DataType type, Object array, int i, double value) {
        switch (type) {
            case F32 -> ((float[]) array)[i] = (float) value;
            case F64 -> ((double[]) array)[i] = value;
            case F16 -> ((short[]) array)[i] = Float.floatToFloat16((float) value);
            case BF16 -> ((short[]) array)[i] = toBfloat16((float) value);
            case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ ->
                ((byte[]) array)[i] = (byte) MiniFloat.of(type).encode((float) value, true);
            case F4E2M1 -> pack((byte[]) array, 4, i, MiniFloat.E2M1.encode((float) value, true));
            case U64 -> ((long[]) array)[i] = value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
            case BOOL -> ((byte[]) array)[i] = (byte) (value == 0 ? 0 : 1);
            case F8E8M0 -> throw new IllegalArgumentException("type = F8E8M0: is written by its bits only");
            default -> setLong(type, array, i, (long) value);
        }
    }

    private static int packed(byte[] array, int bits, int i) {
        int perByte = 8 / bits;
        return (array[i / perByte] & 0xff) >> (i % perByte * bits) & ((1 << bits) - 1);
    }

    private static void pack(byte[] array, int bits, int i, int value) {
        int perByte = 8 / bits;
        int shift = i % perByte * bits;
        int mask = (1 << bits) - 1;
        array[i / perByte] = (byte) ((array[i / perByte] & ~(mask << shift)) | ((value & mask) << shift));
    }

    private static double powerOfTwo(int code) {
        return code == 0xff ? Double.NaN : Math.scalb(1.0, code - 127);
    }

    private static double unsigned(long value) {
        // halve with a sticky bit so that the conversion rounds once
        return value >= 0 ? (double) value : (double) ((value >>> 1) | (value & 1)) * 2.0;
    }

    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
