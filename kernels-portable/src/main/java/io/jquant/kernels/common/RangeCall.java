// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** One run of a kernel over a range of elements, cut into pieces where that is worth waking threads for. */
final class RangeCall implements Workers.Job {
    /** Bytes of a piece, but for one of a single element. */
    private static final long PIECE_BYTES = 1 << 16;

    private RangeKernel kernel;
    private MemorySegment input;
    private long inputOffset;
    private int inputBytes;
    private MemorySegment output;
    private long outputOffset;
    private int outputBytes;
    private long count;
    private long piece;

    /** Sets where elements come from; offsets are in bytes. */
    RangeCall from(MemorySegment segment, long offset, int elementBytes) {
        input = segment;
        inputOffset = offset;
        inputBytes = elementBytes;
        return this;
    }

    /** Sets where elements go. */
    RangeCall to(MemorySegment segment, long offset, int elementBytes) {
        output = segment;
        outputOffset = offset;
        outputBytes = elementBytes;
        return this;
    }

    /** Runs on this thread and those of the workers. */
    void run(RangeKernel newKernel, long elements, Workers workers, Scratch scratch) {
        kernel = newKernel;
        count = elements;
        piece = Math.max(1, PIECE_BYTES / Math.max(inputBytes, outputBytes));
        try {
            if (elements <= piece || workers.count() == 1 || !Workers.isShareable(input)
                    || !Workers.isShareable(output)) {
                newKernel.run(input, inputOffset, output, outputOffset, elements, scratch);
            } else {
                workers.run(this, Math.toIntExact(Math.ceilDiv(elements, piece)), scratch);
            }
        } finally {
            // keeps nothing of the user's alive
            input = null;
            output = null;
        }
    }

    @Override
    public void run(int task, Scratch scratch) {
        long first = task * piece;
        kernel.run(input, inputOffset + first * inputBytes, output, outputOffset + first * outputBytes,
                Math.min(piece, count - first), scratch);
    }
}
