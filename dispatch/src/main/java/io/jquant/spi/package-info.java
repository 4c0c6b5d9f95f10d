// SPDX-License-Identifier: Apache-2.0
/** What a provider of an engine implements. */
package io.jquant.spi;
