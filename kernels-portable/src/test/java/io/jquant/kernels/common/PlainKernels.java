// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;

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

    @Override
    public DepthwiseKernel depthwise(DepthwiseShape shape, OutputStage stage) {
        return new PlainDepthwise(shape, tile.columns());
    }

    @Override
    public ElementKernels elements() {
        return new PlainElements();
    }

    /** Channels are padded to a multiple of a number. */
    private record PlainDepthwise(DepthwiseShape shape, int multiple) implements DepthwiseKernel {
        @Override
        public int paddedChannels() {
            return Math.ceilDiv(shape.channels(), multiple) * multiple;
        }

        @Override
        public long weightBytes() {
            return (long) shape.taps() * paddedChannels() * Short.BYTES;
        }

        @Override
        public void pack(short[] weights, MemorySegment to) {
            for (int i = 0; i < weights.length; i++) {
                int at = i / shape.channels() * paddedChannels() + i % shape.channels();
                to.setAtIndex(JAVA_SHORT, at, weights[i]);
            }
        }

        @Override
        public boolean finishes() {
            return false;
        }

        @Override
        public long mostProducts() {
            return 2000;
        }

        @Override
        public void run(DepthwiseBlock block) {
            for (int pixel = 0; pixel < block.rows; pixel++) {
                for (int c = 0; c < paddedChannels(); c++) {
                    block.sums.set(JAVA_INT,
                            block.sumsOffset + ((long) pixel * paddedChannels() + c) * Integer.BYTES,
                            c < shape.channels() ? sum(block, pixel / block.width, pixel % block.width, c) : 0);
                }
            }
        }

        private int sum(DepthwiseBlock block, int h, int w, int c) {
            int sum = 0;
            int tap = 0;
            for (int kd = 0; kd < shape.kernel().depth(); kd++) {
                for (int kh = 0; kh < shape.kernel().height(); kh++) {
                    for (int kw = 0; kw < shape.kernel().width(); kw++, tap++) {
                        long at = block.inputOffset + kd * block.planeStride
                                + (h * shape.strideHeight() + kh * shape.dilationHeight()) * block.rowStride
                                + (w * shape.strideWidth() + kw * shape.dilationWidth()) * block.pixelStride + c;
                        sum += Byte.toUnsignedInt(block.input.get(JAVA_BYTE, at))
                                * block.weights.getAtIndex(JAVA_SHORT, (long) tap * paddedChannels() + c);
                    }
                }
            }
            return sum;
        }
    }
}
