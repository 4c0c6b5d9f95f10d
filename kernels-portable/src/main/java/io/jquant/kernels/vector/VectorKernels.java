// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.VectorScoringSpec;
import io.jquant.kernels.common.DepthwiseKernel;
import io.jquant.kernels.common.DepthwiseShape;
import io.jquant.kernels.common.DynamicKernels;
import io.jquant.kernels.common.ElementKernels;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.GemmShape;
import io.jquant.kernels.common.GroupedKernel;
import io.jquant.kernels.common.KernelSet;
import io.jquant.kernels.common.OutputStage;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.VectorScoringKernel;

/** The kernels of one width of vectors. */
public final class VectorKernels implements KernelSet {
    private final FloatTile tile;
    private final DynamicKernels dynamic = new VectorDynamic();

    /**
     * Makes them.
     *
     * @param tile the innermost loops
     */
    public VectorKernels(FloatTile tile) {
        this.tile = tile;
    }

    @Override
    public GemmKernel gemm(GemmShape shape, OutputStage stage) {
        return new VectorGemm(tile, stage != null);
    }

    @Override
    public VectorScoringKernel vectorScoring(VectorScoringSpec spec) {
        return new VectorApiScoring(spec);
    }

    @Override
    public DepthwiseKernel depthwise(DepthwiseShape shape, OutputStage stage) {
        return VectorDepthwise.of(shape);
    }

    @Override
    public GroupedKernel grouped(int groupSize, boolean zeroPoints) {
        return new VectorGrouped();
    }

    @Override
    public ElementKernels elements() {
        return new VectorElements();
    }

    @Override
    public DynamicKernels dynamic() {
        return dynamic;
    }

    @Override
    public FloatKernels floats() {
        return new VectorFloats(tile);
    }

    @Override
    public Object workspace() {
        return new Workspace();
    }
}
