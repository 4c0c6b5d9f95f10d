// SPDX-License-Identifier: Apache-2.0
/** The comparison of jquant's engines with what PyTorch's engines answered: golden/README.md, golden/REPORT.md. */
package io.jquant.kernels.testing.golden;
