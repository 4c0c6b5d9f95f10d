// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Lsl.lsl;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Operands to try where an argument stands; the first is the plainest. */
final class Samples {
    private static final int[] NUMBERS = {3, 0, 1, 7, 8, 15, 16, 17, 28, 30};

    private Samples() {
    }

    static List<Operand> of(Arg arg) {
        return switch (arg) {
            case Arg.General general -> general(general);
            case Arg.Vector vector -> vectors().<Operand>mapToObj(n -> new Vec(n, vector.shape())).toList();
            case Arg.OneLane lane -> lanes(lane);
            case Arg.Registers list ->
                vectors().<Operand>mapToObj(n -> VecList.list(new Vec(n, list.shape()), list.count())).toList();
            case Arg.LoadedLane lane -> loadedLanes(lane.scalar());
            case Arg.Constant constant -> constants(constant);
            case Arg.SplitByte _ -> numbers(5, 0, 1, 31, 32, 128, 255);
            case Arg.BitNumber number -> numbers(5, 0, 31, number.bits() - 1);
            case Arg.ShiftLeft shift -> numbers(5, 0, 1, shift.bits() - 1);
            case Arg.Shifted shifted -> IntStream.of(1, 0, shifted.max() / shifted.step())
                .<Operand>mapToObj(n -> lsl(n * shifted.step())).toList();
            case Arg.Flags _ -> List.of(Condition.values());
            case Arg.Purpose _ -> List.of(Prefetch.values());
            case Arg.Named named -> List.of(named.name());
            case Arg.Address address -> addresses(address);
            case Arg.Indexed indexed -> bases().<Operand>flatMap(base -> Stream.of(new Mem(base, Mem.Mode.INDEX, 0,
                Reg.x(9), 0), new Mem(base, Mem.Mode.INDEX, 0, Reg.x(28), indexed.shift()))).toList();
            case Arg.Moving moving -> bases().<Operand>map(base -> new Mem(base, moving.mode(),
                moving.mode() == Mem.Mode.POST ? moving.bytes() : 0,
                moving.mode() == Mem.Mode.POST_INDEX ? Reg.x(21) : null, 0)).toList();
            case Arg.Target _ -> List.of();
        };
    }

    private static IntStream vectors() {
        return IntStream.concat(IntStream.of(NUMBERS), IntStream.of(31));
    }

    private static Stream<Reg> bases() {
        return Stream.concat(IntStream.of(NUMBERS).mapToObj(Reg::x), Stream.of(Reg.SP));
    }

    private static List<Operand> general(Arg.General arg) {
        List<Operand> all = new ArrayList<>();
        for (int number : NUMBERS) {
            all.add(new Reg(number, arg.bits(), false));
        }
        if (!arg.isStackPointer()) {
            all.add(new Reg(31, arg.bits(), false));
        } else if (arg.bits() == 64) {
            all.add(Reg.SP);
        }
        return all;
    }

    private static List<Operand> lanes(Arg.OneLane arg) {
        boolean isShort = arg.field() == Arg.LaneField.FACTOR && arg.scalar() == Shape.H;
        List<Operand> all = new ArrayList<>();
        for (int index = 0; index < 16 / arg.scalar().bytes(); index++) {
            for (int number : new int[] {3, 0, 15, 31}) {
                all.add(new Lane(isShort ? number % 16 : number, arg.scalar(), index, arg.isFourBytes()));
            }
        }
        return all;
    }

    private static List<Operand> loadedLanes(Shape scalar) {
        List<Operand> all = new ArrayList<>();
        for (int lane = 0; lane < 16 / scalar.bytes(); lane++) {
            all.add(VecList.lane(new Vec(lane * 2 % 32, Shape.of(scalar.bytes(), true)), lane));
            all.add(VecList.lane(new Vec(31, Shape.of(scalar.bytes(), true)), lane));
        }
        return all;
    }

    private static List<Operand> numbers(long... values) {
        return LongStream.of(values).<Operand>mapToObj(Imm::imm).toList();
    }

    private static List<Operand> constants(Arg.Constant arg) {
        return LongStream.of(Math.min(arg.max(), 5), arg.min(), arg.min() + 1, arg.max() - 1, arg.max())
            .filter(value -> value >= arg.min() && value <= arg.max()).<Operand>mapToObj(value -> imm(value)).toList();
    }

    private static List<Operand> addresses(Arg.Address arg) {
        List<Operand> all = new ArrayList<>();
        for (int units : new int[] {1, 0, arg.min(), arg.max()}) {
            bases().forEach(base -> all.add(new Mem(base, arg.mode(), units * arg.scale(), null, 0)));
        }
        return all;
    }
}
