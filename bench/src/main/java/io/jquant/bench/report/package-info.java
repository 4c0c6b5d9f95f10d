// SPDX-License-Identifier: Apache-2.0
/** What is made of the figures: rows, text, JSON, a page, charts, a comparison. */
package io.jquant.bench.report;
