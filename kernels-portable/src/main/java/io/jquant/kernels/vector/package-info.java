// SPDX-License-Identifier: Apache-2.0
/**
 * Kernels in the Vector API that are the same for every width of vectors. An instruction set brings the innermost loops
 * of products, a {@link io.jquant.kernels.vector.FloatTile}. Only {@link io.jquant.kernels.vector.VectorOffer} may be
 * loaded where the incubator module is not.
 */
package io.jquant.kernels.vector;
