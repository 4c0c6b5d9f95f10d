// SPDX-License-Identifier: Apache-2.0
/** Changes to a float graph that leave what it computes as it is and make it easier to quantize. */
package io.jquant.quantization.passes;
