// SPDX-License-Identifier: Apache-2.0
/** What every engine owes its users, as tests that its author, or a framework that uses it, runs against it. */
package io.jquant.contract;
