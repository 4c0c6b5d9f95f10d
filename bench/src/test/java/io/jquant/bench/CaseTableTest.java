// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.bench.work.BenchCase;
import io.jquant.bench.work.CaseTable;
import io.jquant.bench.work.Operation;
import io.jquant.bench.work.Workload;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of shapes. */
class CaseTableTest {
    private static final Pattern ANY = Pattern.compile("");

    @Test
    void everyOperatorIsThere() {
        Set<Operation> missing = EnumSet.allOf(Operation.class);
        Set<Class<?>> families = new HashSet<>();
        CaseTable.all().forEach(each -> {
            missing.remove(each.operation());
            families.add(each.work().getClass());
        });
        assertEquals(Set.of(), missing);
        assertEquals(leaves(Workload.class).collect(Collectors.toSet()), families);
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(CaseTableTest::leaves)
                : Stream.of(type);
    }

    @Test
    void noLineIsTwice() {
        List<String> lines = CaseTable.all().stream().map(BenchCase::toString).toList();
        assertEquals(lines.size(), new HashSet<>(lines).size());
    }

    @Test
    void theTenProductsAndSixConvolutionsAreThere() {
        assertEquals(16, CaseTable.select(false, Pattern.compile("speed")).size());
    }

    @Test
    void quickIsAPart() {
        int quick = CaseTable.select(true, ANY).size();
        assertTrue(quick > 0 && quick < CaseTable.select(false, ANY).size(), "quick = " + quick);
    }
}
