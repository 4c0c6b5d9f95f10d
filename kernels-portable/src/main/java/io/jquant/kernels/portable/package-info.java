// SPDX-License-Identifier: Apache-2.0
/** The scalar definition of every operator: what the kernels of every instruction set must equal bit by bit. */
package io.jquant.kernels.portable;
