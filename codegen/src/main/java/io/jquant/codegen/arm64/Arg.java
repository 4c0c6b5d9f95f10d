// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/** A kind of operand that a form can have, and the bits that stand for it. */
sealed interface Arg {
    /** Whether an operand can stand here. */
    boolean accepts(Operand operand);

    /** The bits of an operand that is accepted; of a label none, its distance comes later. */
    int encode(Operand operand);

    /** A general register at a bit; number 31 is the stack pointer or the zero register. */
    record General(int at, int bits, boolean isStackPointer) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Reg reg && reg.bits() == bits
                && (reg.number() < 31 || reg.isStackPointer() == isStackPointer);
        }

        @Override
        public int encode(Operand operand) {
            return ((Reg) operand).number() << at;
        }
    }

    /** A vector register of a shape; its number times a factor, so that it can stand in several places. */
    record Vector(int factor, Shape shape) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Vec vec && vec.shape() == shape;
        }

        @Override
        public int encode(Operand operand) {
            return ((Vec) operand).number() * factor;
        }
    }

    /** Where register and index of a lane go. */
    enum LaneField {
        /** Register from bit 0, index in imm5. */
        TO,
        /** Register from bit 5, index in imm5. */
        FROM,
        /** Register from bit 5, index in imm4. */
        SOURCE,
        /** Register from bit 16, index in H, L and, of 16 bits, M. */
        FACTOR
    }

    /** One lane of a vector register. */
    record OneLane(LaneField field, Shape scalar, boolean isFourBytes) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Lane lane && lane.scalar() == scalar && lane.isFourBytes() == isFourBytes
                && (field != LaneField.FACTOR || scalar != Shape.H || lane.number() < 16);
        }

        @Override
        public int encode(Operand operand) {
            Lane lane = (Lane) operand;
            int imm5 = (2 * lane.index() + 1) << scalar.size() << 16;
            return switch (field) {
                case TO -> lane.number() | imm5;
                case FROM -> lane.number() << 5 | imm5;
                case SOURCE -> lane.number() << 5 | lane.index() << scalar.size() << 11;
                case FACTOR -> lane.number() << 16 | factorIndex(lane.index());
            };
        }

        private int factorIndex(int index) {
            return switch (scalar) {
                case H -> (index >> 2) << 11 | (index >> 1 & 1) << 21 | (index & 1) << 20;
                case S -> (index >> 1) << 11 | (index & 1) << 21;
                default -> index << 11;
            };
        }
    }

    /** Registers that follow each other, the first at a bit. */
    record Registers(int at, int count, Shape shape) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof VecList list && list.count() == count && list.lane() < 0
                && list.first().shape() == shape;
        }

        @Override
        public int encode(Operand operand) {
            return ((VecList) operand).first().number() << at;
        }
    }

    /** One lane of one register, for loads and stores: the index in Q, S and size. */
    record LoadedLane(Shape scalar) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof VecList list && list.count() == 1 && list.lane() >= 0
                && list.first().shape().scalar() == scalar;
        }

        @Override
        public int encode(Operand operand) {
            VecList list = (VecList) operand;
            int field = list.lane() << scalar.size();
            return list.first().number() | (field >> 3) << 30 | (field >> 2 & 1) << 12 | (field & 3) << 10;
        }
    }

    /** A constant: base + sign * value / step in a field. */
    record Constant(int at, int width, long min, long max, int step, int base, int sign) implements Arg {
        static Constant unsigned(int at, int width) {
            return new Constant(at, width, 0, (1L << width) - 1, 1, 0, 1);
        }

        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Imm imm && imm.value() >= min && imm.value() <= max && imm.value() % step == 0;
        }

        @Override
        public int encode(Operand operand) {
            long value = base + sign * ((Imm) operand).value() / step;
            return (int) (value & ((1L << width) - 1)) << at;
        }
    }

    /** Eight bits in two fields, those of vectors of constants. */
    record SplitByte() implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Imm imm && imm.value() >= 0 && imm.value() <= 255;
        }

        @Override
        public int encode(Operand operand) {
            int value = (int) ((Imm) operand).value();
            return (value >> 5) << 16 | (value & 31) << 5;
        }
    }

    /** The number of a bit. */
    record BitNumber(int bits) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Imm imm && imm.value() >= 0 && imm.value() < bits;
        }

        @Override
        public int encode(Operand operand) {
            int value = (int) ((Imm) operand).value();
            return (value >> 5) << 31 | (value & 31) << 19;
        }
    }

    /** How far a general register is shifted to the left, as the fields of the rotation that does it. */
    record ShiftLeft(int bits) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Imm imm && imm.value() >= 0 && imm.value() < bits;
        }

        @Override
        public int encode(Operand operand) {
            int amount = (int) ((Imm) operand).value();
            return (-amount & (bits - 1)) << 16 | (bits - 1 - amount) << 10;
        }
    }

    /** A shift of the operand before. */
    record Shifted(int at, int step, int max) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Lsl lsl && lsl.amount() >= 0 && lsl.amount() <= max && lsl.amount() % step == 0;
        }

        @Override
        public int encode(Operand operand) {
            return (((Lsl) operand).amount() / step) << at;
        }
    }

    /** A condition. */
    record Flags() implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Condition;
        }

        @Override
        public int encode(Operand operand) {
            return ((Condition) operand).code << 12;
        }
    }

    /** What memory is fetched for. */
    record Purpose() implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Prefetch;
        }

        @Override
        public int encode(Operand operand) {
            return ((Prefetch) operand).code;
        }
    }

    /** One name, which the form stands for. */
    record Named(SystemName name) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand == name;
        }

        @Override
        public int encode(Operand operand) {
            return 0;
        }
    }

    /** Memory at a base from bit 5, of a mode, with an offset in a field. */
    record Address(Mem.Mode mode, int at, int width, int scale, boolean isSigned) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Mem mem && mem.mode() == mode && mem.offset() % scale == 0
                && mem.offset() / scale >= min() && mem.offset() / scale <= max();
        }

        int min() {
            return isSigned ? -(1 << (width - 1)) : 0;
        }

        int max() {
            return (1 << (isSigned ? width - 1 : width)) - 1;
        }

        @Override
        public int encode(Operand operand) {
            Mem mem = (Mem) operand;
            return mem.base().number() << 5 | (mem.offset() / scale & ((1 << width) - 1)) << at;
        }
    }

    /** Memory at a base from bit 5 with an index from bit 16, which may be shifted by so many bits. */
    record Indexed(int shift) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Mem mem && mem.mode() == Mem.Mode.INDEX
                && (mem.shift() == 0 || mem.shift() == shift);
        }

        @Override
        public int encode(Operand operand) {
            Mem mem = (Mem) operand;
            return mem.base().number() << 5 | mem.index().number() << 16 | (mem.shift() > 0 ? 1 << 12 : 0);
        }
    }

    /** Memory at a base from bit 5 which moves behind what is accessed, or by an index. */
    record Moving(Mem.Mode mode, int bytes) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Mem mem && mem.mode() == mode
                && (mode == Mem.Mode.POST_INDEX || mem.offset() == bytes);
        }

        @Override
        public int encode(Operand operand) {
            Mem mem = (Mem) operand;
            int index = switch (mode) {
                case POST -> 31 << 16;
                case POST_INDEX -> mem.index().number() << 16;
                default -> 0;
            };
            return mem.base().number() << 5 | index;
        }
    }

    /** A place in the code: its distance in units in a field; that of ADR has its low two bits from bit 29. */
    record Target(int at, int width, int unit) implements Arg {
        @Override
        public boolean accepts(Operand operand) {
            return operand instanceof Label;
        }

        @Override
        public int encode(Operand operand) {
            return 0;
        }

        /** The bits for a distance in bytes; null if it is out of reach. */
        Integer distance(long bytes) {
            long units = bytes / unit;
            if (bytes % unit != 0 || units < -(1L << (width - 1)) || units >= 1L << (width - 1)) {
                return null;
            }
            return unit == 1 ? (int) (units & 3) << 29 | (int) (units >> 2 & 0x7FFFF) << 5
                : (int) (units & ((1L << width) - 1)) << at;
        }
    }
}
