// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import java.util.List;
import java.util.Locale;

/** The forms of one instruction. */
public final class Forms {
    private final List<Form> rows;

    private Forms(List<Form> rows) {
        this.rows = rows;
    }

    static Forms of(Form... rows) {
        return new Forms(List.of(rows));
    }

    static Forms of(List<Form> rows) {
        return new Forms(List.copyOf(rows));
    }

    List<Form> rows() {
        return rows;
    }

    static String mnemonic(Enum<?> constant) {
        String name = constant.name().toLowerCase(Locale.ROOT);
        return name.endsWith("_vex") ? name.substring(0, name.length() - 4) : name;
    }
}
