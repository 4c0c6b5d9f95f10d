// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.spi.EngineBackend;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Kernels of operators on elements against their definitions. */
public final class ElementCheck {
    private static final int MOST_ELEMENTS = 131;

    private ElementCheck() {
    }

    /**
     * Every length up to a little more than two of any kernel's steps, where memory ends.
     *
     * @param way the kernels
     * @param atEnd whether operands end where memory does, or begin there
     */
    public static void everyNumber(KernelWay way, boolean atEnd) {
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        int kernels = 0;
        try (EngineBackend fast = way.open(1, null); EngineBackend reference = KernelSuite.definition(way.numerics());
                GuardPages x = new GuardPages(1 << 12, atEnd); GuardPages y = new GuardPages(1 << 12, atEnd);
                GuardPages z = new GuardPages(1 << 12, atEnd)) {
            Samples samples = new Samples(13);
            for (ElementLine line : ElementLine.all()) {
                try (ElementLine.Operator operator = line.open().apply(fast);
                        ElementLine.Operator definition = line.open().apply(reference)) {
                    if (!KernelSuite.isDefinition(operator.kernel())) {
                        kernels++;
                        compare(line, operator, definition, samples, List.of(x, z), y);
                    }
                }
            }
        }
        assumeTrue(kernels > 0, "no kernels for elements");
    }

    private static void compare(ElementLine line, ElementLine.Operator operator, ElementLine.Operator definition,
            Samples samples, List<GuardPages> memory, GuardPages output) {
        for (int count = 0; count <= MOST_ELEMENTS; count++) {
            List<MemorySegment> inputs = new ArrayList<>();
            for (int i = 0; i < line.inputs().size(); i++) {
                MemorySegment values = line.inputs().get(i) == DataType.F32 ? samples.specialFloats(count)
                        : samples.bytes(count);
                inputs.add(memory.get(i).of(values.byteSize()).copyFrom(values));
            }
            MemorySegment expected = MemorySegment.ofArray(new byte[(int) line.output().bytes(count)]);
            definition.run().run(count, inputs, expected);
            MemorySegment actual = output.of(expected.byteSize());
            operator.run().run(count, inputs, actual);
            int elements = count;
            ElementForce.assertSame(expected, actual, () -> line.name() + " of " + elements);
        }
    }
}
