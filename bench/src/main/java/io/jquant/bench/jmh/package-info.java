// SPDX-License-Identifier: Apache-2.0
/** The table once more, under JMH. */
package io.jquant.bench.jmh;
