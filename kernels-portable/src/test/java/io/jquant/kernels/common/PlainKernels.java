// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;

/** A kernel in plain Java, of any tile: what shows the machinery around kernels to be right on every CPU. */
final class PlainKernels implements KernelSet {
    private final Tile tile;

    PlainKernels(Tile tile) {
        this.tile = tile;
    }

    static KernelProvider.Offer offer(Tile tile) {
        return new KernelProvider.Offer(Tier.SCALAR, Isa.SCALAR, cpu -> new Candidate.Usable(),
                () -> new PlainKernels(tile));
    }

    @Override
    public GemmKernel gemm(GemmShape shape, OutputStage stage) {
        return new Plain(tile);
    }

    private record Plain(Tile tile) implements GemmKernel {
        @Override
        public boolean finishes() {
            return false;
        }

        @Override
        public long mostProducts() {
            return 2000;
        }

        @Override
        public void run(GemmBlock block) {
            int width = tile.columns();
            for (int row = 0; row < block.rows; row++) {
                for (int j = 0; j < block.panels * width; j++) {
                    long panel = block.b.panelOffset(block.firstPanel + j / width);
                    int sum = 0;
                    for (int k = 0; k < block.b.paddedDepth(); k++) {
                        int a = Byte.toUnsignedInt(block.a.get(JAVA_BYTE, block.aOffset + row * block.aStride + k));
                        long at = ((long) (k / tile.depthUnit()) * width + j % width) * tile.depthUnit()
                                + k % tile.depthUnit();
                        sum += a * block.b.segment().get(JAVA_BYTE, panel + at);
                    }
                    block.sums.set(JAVA_INT, block.sumsOffset + ((long) row * block.panels * width + j) * Integer.BYTES,
                            sum);
                }
            }
        }
    }
}
