// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.kernels.testing.golden.DifferenceTable.Difference;
import io.jquant.kernels.testing.golden.GoldenComparison.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was compared, what is bit-equal, and what differs for which reason: golden/REPORT.md. */
public final class GoldenReport {
    private final DifferenceTable table;
    private final List<GoldenComparison> comparisons;

    GoldenReport(DifferenceTable table, List<GoldenComparison> comparisons) {
        this.table = table;
        this.comparisons = comparisons;
    }

    /** Compares several engines, of different numerics. */
    public static GoldenReport of(List<EngineOptions> engines) {
        DifferenceTable table = DifferenceTable.load();
        List<GoldenComparison> comparisons = new ArrayList<>();
        for (EngineOptions options : engines) {
            try (Engine engine = Engine.open(options)) {
                comparisons.addAll(GoldenComparison.of(engine, table));
            }
        }
        return new GoldenReport(table, comparisons);
    }

    /** What counts.tsv has to hold. */
    public String counts() {
        List<String> lines = new ArrayList<>();
        lines.add("peer\toperator\tcases\tequal_cases\telements\tequal_elements");
        comparisons.forEach(comparison -> lines.addAll(counts(comparison)));
        return String.join("\n", lines) + "\n";
    }

    /** A row of counts.tsv for every operator. */
    static List<String> counts(GoldenComparison comparison) {
        List<String> lines = new ArrayList<>();
        for (String operator : GoldenOperators.all().keySet()) {
            List<Result> results = of(comparison, operator);
            if (!results.isEmpty()) {
                Deviation sum = sum(results);
                lines.add(String.join("\t", comparison.peer().spelling(), operator, Integer.toString(results.size()),
                        Long.toString(equal(results)), Long.toString(sum.elements()), Long.toString(sum.equal())));
            }
        }
        return lines;
    }

    private static List<Result> of(GoldenComparison comparison, String operator) {
        return comparison.results().stream().filter(result -> result.operator().equals(operator)).toList();
    }

    private static long equal(List<Result> results) {
        return results.stream().filter(result -> result.deviation().isNone()).count();
    }

    private static Deviation sum(List<Result> results) {
        return results.stream().map(Result::deviation).reduce(Deviation.NONE, Deviation::and);
    }

    /** The report as Markdown. */
    public String text() {
        StringBuilder text = new StringBuilder("""
                # jquant beside PyTorch's engines

                Written by the tests of `kernels-portable`, which fail where this file is not current; README.md says
                how to renew it.

                Engine `fbgemm` is compared with FBGEMM and, for want of a nearer one, with oneDNN; engine `qnnpack`
                with QNNPACK. Every tier and instruction set of an engine has to give these very counts. Bit-equal
                means every bit. Every difference falls under a row of the second table, with its largest size and a
                bound; every case that is not compared falls under a row of the third. Observers and histograms are
                compared by the tests of module `quantization`.

                How jquant is asked: where PyTorch's wrapper of QNNPACK ignores `reduce_range`, jquant is not asked to
                reduce it. `hardtanh` and `celu` are clamp and elu. `cat` with `relu` is a clamp after the
                concatenation, `mean` over height and width an adaptive average. `embedding_bag_*_unpack` is a bag for
                every row. Layers of `lstm` and `gru` are cells, step by step; since PyTorch quantizes the input of
                all steps at once, each step gets a last row that brings the range of all. Of
                `fused_moving_avg_obs_fake_quant`, the choice of scale and zero point is compared.

                """);
        counts(text);
        differences(text);
        omissions(text);
        return text.toString();
    }

    private void counts(StringBuilder text) {
        text.append("""
                ## Counts

                | operator | engine | peer | cases | bit-equal | elements | bit-equal | refused by the peer |
                |---|---|---|--:|--:|--:|--:|--:|
                """);
        for (String operator : GoldenOperators.all().keySet()) {
            for (GoldenComparison comparison : comparisons) {
                List<Result> results = of(comparison, operator);
                int refused = comparison.refused(operator);
                if (!results.isEmpty() || refused > 0) {
                    row(text, "`" + operator + "`", comparison, results, refused);
                }
            }
        }
        for (GoldenComparison comparison : comparisons) {
            int refused = GoldenOperators.all().keySet().stream().mapToInt(comparison::refused).sum();
            row(text, "all", comparison, comparison.results(), refused);
        }
    }

    private static void row(StringBuilder text, String operator, GoldenComparison comparison, List<Result> results,
            int refused) {
        Deviation sum = sum(results);
        text.append(String.format(Locale.ROOT, "| %s | %s | %s | %d | %d | %d | %d | %d |\n", operator,
                comparison.peer().engine(), comparison.peer().spelling(), results.size(), equal(results),
                sum.elements(), sum.equal(), refused));
    }

    private void differences(StringBuilder text) {
        text.append("""

                ## Differences

                | operator | peer | cases | elements | largest | bound | reason |
                |---|---|--:|--:|--:|--:|---|
                """);
        for (Difference difference : table.differences()) {
            for (String operator : difference.operators()) {
                for (GoldenComparison comparison : comparisons) {
                    List<Result> results = of(comparison, operator).stream()
                            .filter(result -> result.difference().equals(Optional.of(difference))).toList();
                    if (!results.isEmpty()) {
                        Deviation sum = sum(results);
                        Bound bound = difference.bound();
                        text.append(String.format(Locale.ROOT, "| `%s` | %s | %d | %d | %s | %s | %s |\n", operator,
                                comparison.peer().spelling(), results.size(), sum.different(),
                                bound.describe(bound.measured(sum)), bound.describe(bound.limit()),
                                difference.reason()));
                    }
                }
            }
        }
    }

    private void omissions(StringBuilder text) {
        text.append("""

                ## Not compared

                | operator | cases | reason |
                |---|--:|---|
                """);
        for (DifferenceTable.Omission omission : table.omissions()) {
            int cases = comparisons.stream().mapToInt(one -> one.omitted().getOrDefault(omission, 0)).sum();
            text.append(String.format(Locale.ROOT, "| `%s` | %d | %s |\n",
                    String.join("` `", omission.operators()), cases, omission.reason()));
        }
    }
}
