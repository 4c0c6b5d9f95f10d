// SPDX-License-Identifier: Apache-2.0
/** Whole models: latency, throughput, memory and the time until the first answer. */
package io.jquant.bench.model;
