// SPDX-License-Identifier: Apache-2.0
/** What is measured: a table of shapes, and a class for every family of operators that makes work of a shape. */
package io.jquant.bench.work;
