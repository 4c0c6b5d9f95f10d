// SPDX-License-Identifier: Apache-2.0

/** What every engine owes its users, as tests. */
module io.jquant.contract {
    requires transitive io.jquant;
    requires transitive org.junit.jupiter.api;

    exports io.jquant.contract;
    opens io.jquant.contract to org.junit.platform.commons;
}
