// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import io.jquant.codegen.arm64.Arg.Address;
import io.jquant.codegen.arm64.Arg.General;
import io.jquant.codegen.arm64.Arg.Target;
import io.jquant.codegen.arm64.Arg.Vector;

/** The arguments of the tables, in the manual's letters: d destination, n and m sources, a addend, t transferred. */
final class Args {
    static final Arg XD = new General(0, 64, false);
    static final Arg XN = new General(5, 64, false);
    static final Arg XM = new General(16, 64, false);
    static final Arg XA = new General(10, 64, false);
    static final Arg WD = new General(0, 32, false);
    static final Arg WN = new General(5, 32, false);
    static final Arg WM = new General(16, 32, false);
    static final Arg WA = new General(10, 32, false);
    /** Registers of which number 31 is the stack pointer; there is none of 32 bits. */
    static final Arg WSPD = new General(0, 32, true);
    static final Arg WSPN = new General(5, 32, true);
    static final Arg SPD = new General(0, 64, true);
    static final Arg SPN = new General(5, 64, true);

    /** The distances of B, of conditional jumps and literals, of jumps on a bit, and of ADR. */
    static final Arg FAR = new Target(0, 26, 4);
    static final Arg NEAR = new Target(5, 19, 4);
    static final Arg NEARER = new Target(5, 14, 4);
    static final Arg PLACE = new Target(5, 21, 1);

    private static final int D = 1;
    private static final int N = 1 << 5;
    private static final int A = 1 << 10;
    private static final int M = 1 << 16;

    private Args() {
    }

    static Arg vd(Shape shape) {
        return new Vector(D, shape);
    }

    static Arg vn(Shape shape) {
        return new Vector(N, shape);
    }

    static Arg vm(Shape shape) {
        return new Vector(M, shape);
    }

    static Arg va(Shape shape) {
        return new Vector(A, shape);
    }

    /** One register as both sources. */
    static Arg vnm(Shape shape) {
        return new Vector(N + M, shape);
    }

    /** Memory at a base and an offset in twelve bits, of units. */
    static Address scaled(int bytes) {
        return new Address(Mem.Mode.OFFSET, 10, 12, bytes, false);
    }

    /** Memory with an offset in nine bits, of bytes. */
    static Address unscaled(Mem.Mode mode) {
        return new Address(mode, 12, 9, 1, true);
    }

    /** Memory of a pair, with an offset in seven bits, of units. */
    static Address pair(Mem.Mode mode, int bytes) {
        return new Address(mode, 15, 7, bytes, true);
    }
}
