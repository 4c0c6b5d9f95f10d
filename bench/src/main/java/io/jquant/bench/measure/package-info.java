// SPDX-License-Identifier: Apache-2.0
/** How it is measured: subjects that take turns, until they are steady and then for a number of rounds. */
package io.jquant.bench.measure;
