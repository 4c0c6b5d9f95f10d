// SPDX-License-Identifier: Apache-2.0
/** Engine {@code fbgemm}, which is at home on x86. */
package io.jquant.kernels.x86;
