// SPDX-License-Identifier: Apache-2.0
/** The command {@code jquant bench}. */
package io.jquant.bench;
