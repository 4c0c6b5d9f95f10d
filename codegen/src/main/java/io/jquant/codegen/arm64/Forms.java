// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.ArrayList;
import java.util.List;

/** The forms of one instruction. */
public final class Forms {
    private final List<Form> rows;

    private Forms(List<Form> rows) {
        this.rows = List.copyOf(rows);
    }

    static Forms of(Form... rows) {
        return new Forms(List.of(rows));
    }

    @SafeVarargs
    static Forms of(List<Form>... groups) {
        List<Form> all = new ArrayList<>();
        for (List<Form> group : groups) {
            all.addAll(group);
        }
        return new Forms(all);
    }

    List<Form> rows() {
        return rows;
    }
}
