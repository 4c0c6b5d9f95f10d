// SPDX-License-Identifier: Apache-2.0
/**
 * Lucene's search for near neighbours on jquant's int8 kernels: formats that a codec names, and the scorers in them.
 * What they score is what Lucene's own scorers do, bit for bit.
 */
package io.jquant.lucene;
