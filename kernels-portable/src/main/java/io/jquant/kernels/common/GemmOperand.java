// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/** What the columns of a product, or of one group of a convolution, are computed with. */
final class GemmOperand {
    GemmKernel kernel;
    final PackedMatrix weights = new PackedMatrix();
    final ColumnTerms terms = new ColumnTerms();
}
