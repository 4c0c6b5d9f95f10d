// SPDX-License-Identifier: Apache-2.0
/** Where accuracy went, layer by layer, and what to do about it; calibration caches of other runtimes. */
package io.jquant.quantization.suite;
