// SPDX-License-Identifier: Apache-2.0

/** Executable memory, and how Java calls the code in it. */
package io.jquant.codegen;
