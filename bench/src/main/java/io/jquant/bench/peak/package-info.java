// SPDX-License-Identifier: Apache-2.0
/** What the hardware can do at most, measured in the same run. */
package io.jquant.bench.peak;
