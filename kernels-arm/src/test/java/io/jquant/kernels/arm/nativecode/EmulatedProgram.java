// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.arm.nativecode.EmulatedMachine.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The Linux program, for AArch64, that {@link EmulatedMachine} talks to: an ELF file of a few dozen instructions. */
final class EmulatedProgram {
    private static final long BASE = 0x10000;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int CODE = ELF_HEADER + PROGRAM_HEADER;
    /** Where the file's name is. */
    private static final int NAME = 2048;
    private static final int BYTES = 8192;

    private static final int SVC = 0xD4000001;
    private static final int READ = 63;
    private static final int WRITE = 64;
    private static final int OPENAT = 56;
    private static final int EXIT = 93;
    private static final int MMAP = 222;

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private EmulatedProgram() {
    }

    /** The program that maps a file. */
    static byte[] of(Path file) {
        EmulatedProgram program = new EmulatedProgram();
        program.headers();
        program.code();
        program.bytes.position(NAME).put(file.toString().getBytes(StandardCharsets.UTF_8));
        return program.bytes.array();
    }

    private void headers() {
        // 64 bits, little-endian, for Linux; an executable for AArch64
        bytes.putInt(0x464C457F).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
        bytes.putShort((short) 2).putShort((short) 183).putInt(1).putLong(BASE + CODE).putLong(ELF_HEADER).putLong(0);
        bytes.putInt(0).putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
        // one segment, all of the file, to be read and executed
        bytes.position(ELF_HEADER);
        bytes.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE).putLong(BYTES).putLong(BYTES).putLong(4096);
    }

    private void code() {
        bytes.position(CODE);
        call(OPENAT, -100, BASE + NAME, 2, 0);
        // mov x20, x0
        bytes.putInt(0xAA0003F4);
        for (Slot slot : Slot.values()) {
            long access = slot == Slot.CODE ? 5 : 3;
            set(0, slot.address());
            set(1, Slot.SIZE);
            set(2, access);
            // shared, at this address
            set(3, 0x11);
            // mov x4, x20
            bytes.putInt(0xAA1403E4);
            set(5, slot.offset());
            set(8, MMAP);
            bytes.putInt(SVC);
        }
        set(19, Slot.HEADER.address());
        int loop = bytes.position();
        call(READ, 0, Slot.HEADER.address() + EmulatedMachine.MESSAGE, 1);
        // cbnz x0, over the exit: two numbers of four instructions each, the call, and this
        bytes.putInt(0xB5000000 | 10 << 5);
        call(EXIT, 0);
        // ldr x9, [x19]; ldr x1 to x4 behind it; blr x9
        bytes.putInt(0xF9400269);
        for (int i = 1; i <= 4; i++) {
            bytes.putInt(0xF9400260 | i << 10 | i);
        }
        bytes.putInt(0xD63F0120);
        call(WRITE, 1, Slot.HEADER.address() + EmulatedMachine.MESSAGE, 1);
        int back = (loop - bytes.position()) / 4;
        bytes.putInt(0x14000000 | (back & 0x3FFFFFF));
    }

    /** A system call. */
    private void call(int number, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            set(i, arguments[i]);
        }
        set(8, number);
        bytes.putInt(SVC);
    }

    /** movz, then movk for the other sixteens of bits. */
    private void set(int register, long value) {
        for (int part = 0; part < 4; part++) {
            int bits = (int) ((value >>> (16 * part)) & 0xFFFF);
            bytes.putInt((part == 0 ? 0xD2800000 : 0xF2800000) | part << 21 | bits << 5 | register);
        }
    }
}
