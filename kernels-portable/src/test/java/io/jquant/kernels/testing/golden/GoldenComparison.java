// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Engine;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenFile;
import io.jquant.golden.GoldenIndex;
import io.jquant.kernels.testing.golden.DifferenceTable.Difference;
import io.jquant.kernels.testing.golden.DifferenceTable.Omission;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that a peer answered, beside what an engine of jquant answers. */
final class GoldenComparison {
    private final Peer peer;
    private final List<Result> results = new ArrayList<>();
    private final Map<String, Integer> refused = new LinkedHashMap<>();
    private final Map<Omission, Integer> omitted = new LinkedHashMap<>();
    private final List<String> unlisted = new ArrayList<>();

    /**
     * A case that was compared.
     *
     * @param operator the operator
     * @param deviation how far the answer is from the peer's
     * @param difference the row that the difference falls under; empty where there is none, or no such row
     */
    record Result(String operator, Deviation deviation, Optional<Difference> difference) {
    }

    private GoldenComparison(Peer peer) {
        this.peer = peer;
    }

    /** Compares an engine with every peer whose numerics it answers to. */
    static List<GoldenComparison> of(Engine engine, DifferenceTable table) {
        return Peer.of(engine.numerics()).stream().map(peer -> of(engine, peer, table)).toList();
    }

    private static GoldenComparison of(Engine engine, Peer peer, DifferenceTable table) {
        GoldenComparison comparison = new GoldenComparison(peer);
        Map<String, GoldenOperator> operators = GoldenOperators.all();
        GoldenIndex.load().stream().filter(entry -> entry.engine().equals(peer.spelling()))
                .map(GoldenIndex.Entry::family).distinct().map(family -> GoldenFile.load(family, peer.spelling()))
                .forEach(file -> {
                    file.cases().forEach(golden -> comparison.add(engine, golden, operators, table));
                    file.refused().keySet().forEach(name ->
                            comparison.refused.merge(name.substring(0, name.indexOf('/')), 1, Integer::sum));
                });
        return comparison;
    }

    private void add(Engine engine, GoldenCase golden, Map<String, GoldenOperator> operators, DifferenceTable table) {
        String name = golden.name().substring(golden.name().indexOf('/') + 1);
        Optional<Omission> omission = table.omission(golden.operator(), name);
        if (omission.isPresent()) {
            omitted.merge(omission.get(), 1, Integer::sum);
            return;
        }
        GoldenOperator operator = operators.get(golden.operator());
        if (operator == null) {
            unlisted.add(golden.name() + ": neither compared nor in uncompared.tsv");
            return;
        }
        Deviation deviation = deviation(golden, operator.answer(engine, golden, peer));
        Optional<Difference> difference = deviation.isNone() ? Optional.empty()
                : table.explain(peer, golden.operator(), name, deviation);
        if (!deviation.isNone() && difference.isEmpty()) {
            unlisted.add(peer.spelling() + " " + golden.name() + ": " + deviation);
        }
        results.add(new Result(golden.operator(), deviation, difference));
    }

    private static Deviation deviation(GoldenCase golden, Map<String, MemorySegment> answers) {
        Deviation sum = Deviation.NONE;
        for (String output : golden.outputs().keySet()) {
            if (answers.containsKey(output) || isAsked(golden, output)) {
                sum = sum.and(Deviation.of(golden.output(output), answers.get(output)));
            }
        }
        return sum;
    }

    /** What an operator chose itself is an argument of jquant's; of the observer, nothing but its choice is asked. */
    private static boolean isAsked(GoldenCase golden, String output) {
        return !output.startsWith("y_") && !golden.operator().equals(GoldenOperators.OBSERVER);
    }

    Peer peer() {
        return peer;
    }

    List<Result> results() {
        return results;
    }

    /** How many cases of an operator the peer would not run. */
    int refused(String operator) {
        return refused.getOrDefault(operator, 0);
    }

    Map<Omission, Integer> omitted() {
        return omitted;
    }

    /** Differences that fall under no row, and operators that nothing is said of. */
    List<String> unlisted() {
        return unlisted;
    }

    /** Rows of the tables that nothing fell under. */
    List<String> stale(DifferenceTable table) {
        List<String> stale = new ArrayList<>();
        for (Difference row : table.differences()) {
            for (String operator : row.operators()) {
                boolean used = results.stream().anyMatch(result -> result.operator().equals(operator)
                        && result.difference().filter(row::equals).isPresent());
                if (row.peers().contains(peer.spelling()) && !used) {
                    stale.add(peer.spelling() + " " + operator + " " + row.cases() + ": no case differs so");
                }
            }
        }
        for (Omission row : table.omissions()) {
            if (!omitted.containsKey(row)) {
                stale.add(peer.spelling() + " " + row.operators() + " " + row.cases() + ": no such case");
            }
        }
        return stale;
    }
}
