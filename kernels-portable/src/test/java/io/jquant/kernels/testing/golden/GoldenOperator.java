// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Engine;
import io.jquant.golden.GoldenCase;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** How jquant's API is asked what a golden case asked PyTorch. */
@FunctionalInterface
interface GoldenOperator {
    /**
     * Answers a case.
     *
     * @param engine who answers
     * @param golden the question
     * @param peer whose answer it is to be compared with
     * @return by the output's name its elements, in the type and the layout of the golden output
     */
    Map<String, MemorySegment> answer(Engine engine, GoldenCase golden, Peer peer);
}
