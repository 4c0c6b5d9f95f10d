// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.BlockArguments;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseShape;
import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.MemorySegment;

/**
 * What Arm's kernels are told besides {@link BlockArguments}. Rows of a depthwise convolution are the pixels of one
 * line of the output, and its panels are of channels.
 */
final class ArmArguments extends BlockArguments {
    /** The largest quantized output, of 32 bits. */
    static final int LARGEST = END;
    /** Lines of output pixels. */
    static final int LINES = END + 8;
    /** From behind the last pixel of a line to the first of the next, in the input. */
    static final int LINE_GAP = END + 16;
    /** From a tap to the one below it. */
    static final int TAP_DOWN = END + 24;
    /** From a tap to the next one of its line. */
    static final int TAP_ACROSS = END + 32;
    /** Offsets of the taps from a pixel's first: 64 bits each. */
    static final int TAPS = END + 64;

    /** Of a product. */
    static final int BYTES = TAPS;

    private ArmArguments() {
    }

    /** How much memory those of a depthwise convolution take. */
    static long bytes(int taps) {
        return TAPS + (long) taps * Long.BYTES;
    }

    /** Writes the bound that only these kernels need. */
    static void writeLargest(MemorySegment to, CodeStage stage, OutputStage numbers) {
        if (stage.output().isQuantized()) {
            to.set(JAVA_INT, LARGEST, (int) numbers.high() + numbers.zeroPoint());
        }
    }

    /** Writes what is read, and where its taps are. */
    static void writeImage(MemorySegment to, DepthwiseBlock block) {
        DepthwiseShape shape = block.shape;
        long pixel = block.pixelStride * shape.strideWidth();
        to.set(JAVA_LONG, A, block.inputOffset);
        to.set(JAVA_LONG, A_STRIDE, pixel);
        to.set(JAVA_LONG, B, block.weights.address());
        to.set(JAVA_LONG, LINES, block.height);
        to.set(JAVA_LONG, LINE_GAP, block.rowStride * shape.strideHeight() - pixel * block.width);
        to.set(JAVA_LONG, TAP_DOWN, block.rowStride * shape.dilationHeight());
        to.set(JAVA_LONG, TAP_ACROSS, block.pixelStride * shape.dilationWidth());
        long at = TAPS;
        for (int kd = 0; kd < shape.kernel().depth(); kd++) {
            for (int kh = 0; kh < shape.kernel().height(); kh++) {
                for (int kw = 0; kw < shape.kernel().width(); kw++, at += Long.BYTES) {
                    to.set(JAVA_LONG, at, block.tap(kd, kh, kw));
                }
            }
        }
    }
}
