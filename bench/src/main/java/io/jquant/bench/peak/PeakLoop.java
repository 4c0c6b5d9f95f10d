// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import static io.jquant.codegen.x86.FloatOp.VFMADD231PS;
import static io.jquant.codegen.x86.FloatOp.VXORPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD_VEX;
import static io.jquant.codegen.x86.IntegerOp.VPMADDWD;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVUPS;
import static io.jquant.codegen.x86.Tile.tmm;
import static io.jquant.codegen.x86.TileOp.LDTILECFG;
import static io.jquant.codegen.x86.TileOp.TDPBUSD;
import static io.jquant.codegen.x86.TileOp.TILERELEASE;
import static io.jquant.codegen.x86.TileOp.TILEZERO;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Loops of machine code that do nothing but one instruction, on registers that do not wait for each other. */
final class PeakLoop {
    /** Bytes that one step of {@link #read} reads. */
    static final int READ_STEP = 512;
    private static final Gpr COUNT = Gpr.RAX;
    private static final Gpr POINTER = Gpr.R10;
    private static final Gpr REPEAT = Gpr.R11;

    private PeakLoop() {
    }

    /** Accumulators of a loop on registers of so many bits, two registers left for operands and two for temporaries. */
    static int accumulators(int bits) {
        return bits == 512 ? 24 : 12;
    }

    /** Float multiply-adds: {@link #accumulators} a step, a multiplication and an addition for every 32 bits. */
    static byte[] fma(int bits) {
        return accumulate(bits, VFMADD231PS);
    }

    /** Dot products of four bytes: {@link #accumulators} a step. */
    static byte[] dotProduct(int bits) {
        return accumulate(bits, bits == 512 ? VPDPBUSD : VPDPBUSD_VEX);
    }

    private static byte[] accumulate(int bits, Instruction instruction) {
        int accumulators = accumulators(bits);
        return loop(bits, a -> {
            for (int i = 0; i < accumulators; i++) {
                a.emit(instruction, new Vec(i, bits), new Vec(accumulators, bits), new Vec(accumulators + 1, bits));
            }
        });
    }

    /** Products of 16-bit words, added in pairs and then to the accumulators: what AVX2 has for exact int8. */
    static byte[] words(int bits) {
        int accumulators = accumulators(bits);
        return loop(bits, a -> {
            for (int i = 0; i < accumulators; i++) {
                Vec product = new Vec(accumulators + 2 + i % 2, bits);
                a.emit(VPMADDWD, product, new Vec(accumulators, bits), new Vec(accumulators + 1, bits));
                a.emit(VPADDD, new Vec(i, bits), new Vec(i, bits), product);
            }
        });
    }

    private static byte[] loop(int bits, Consumer<X86Assembler> step) {
        X86Assembler a = new X86Assembler();
        int registers = accumulators(bits) + 4;
        List<Vec> used = IntStream.range(0, registers).mapToObj(i -> new Vec(i, bits)).toList();
        Frame frame = new Frame(CallingConvention.current(), List.of(COUNT), used, 0);
        frame.enter(a);
        a.emit(MOV, COUNT, frame.argument(0));
        used.forEach(vector -> a.emit(bits == 512 ? VPXORD : VXORPS, vector, vector, vector));
        a.align(32);
        Label again = a.here();
        step.accept(a);
        a.emit(DEC, COUNT);
        a.emit(JNZ, again);
        frame.leave(a);
        return a.assemble();
    }

    /** Products of tiles of 16 x 64 and 64 x 16 bytes: four a step. */
    static byte[] tiles() {
        X86Assembler a = new X86Assembler();
        Frame frame = new Frame(CallingConvention.current(), List.of(COUNT), List.of(), 0);
        frame.enter(a);
        a.emit(MOV, COUNT, frame.argument(0));
        Label configuration = a.label();
        a.emit(LDTILECFG, at(configuration));
        for (int i = 0; i < 8; i++) {
            a.emit(TILEZERO, tmm(i));
        }
        a.align(32);
        Label again = a.here();
        for (int i = 0; i < 4; i++) {
            a.emit(TDPBUSD, tmm(i), tmm(4 + i / 2), tmm(6 + i % 2));
        }
        a.emit(DEC, COUNT);
        a.emit(JNZ, again);
        a.emit(TILERELEASE);
        frame.leave(a);
        a.align(64);
        a.bind(configuration);
        byte[] data = new byte[64];
        data[0] = 1;
        for (int i = 0; i < 8; i++) {
            // bytes of a row, as 16 bits each; rows, as 8 bits each
            data[16 + 2 * i] = 64;
            data[48 + i] = 16;
        }
        a.data(data);
        return a.assemble();
    }

    /** Reads memory: a pointer, steps of {@link #READ_STEP}, and how often all of it. */
    static byte[] read(int bits) {
        X86Assembler a = new X86Assembler();
        List<Vec> used = IntStream.range(0, 8).mapToObj(i -> new Vec(i, bits)).toList();
        Frame frame = new Frame(CallingConvention.current(), List.of(COUNT, POINTER, REPEAT), used, 0);
        frame.enter(a);
        a.emit(MOV, REPEAT, frame.argument(2));
        a.align(32);
        Label all = a.here();
        a.emit(MOV, POINTER, frame.argument(0));
        a.emit(MOV, COUNT, frame.argument(1));
        a.align(32);
        Label again = a.here();
        for (int offset = 0; offset < READ_STEP; offset += bits / 8) {
            a.emit(VMOVUPS, new Vec(offset / (bits / 8) % 8, bits), at(POINTER, offset));
        }
        a.emit(ADD, POINTER, imm(READ_STEP));
        a.emit(DEC, COUNT);
        a.emit(JNZ, again);
        a.emit(DEC, REPEAT);
        a.emit(JNZ, all);
        frame.leave(a);
        return a.assemble();
    }
}
