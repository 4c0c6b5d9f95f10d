// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The committed table of differences that are known, differences.tsv, and of what is not compared, uncompared.tsv. */
record DifferenceTable(List<Difference> differences, List<Omission> omissions) {
    private static final String ALL = "*";

    /**
     * A difference that has a reason.
     *
     * @param peers whose answers differ
     * @param operators of which operators
     * @param cases in cases of which names; the operator's name and the slash are left out
     * @param bound how large it may be
     * @param reason where it comes from
     */
    record Difference(List<String> peers, List<String> operators, Pattern cases, Bound bound, String reason) {
        boolean names(Peer peer, String operator, String caseName) {
            return peers.contains(peer.spelling()) && operators.contains(operator)
                    && cases.matcher(caseName).matches();
        }
    }

    /**
     * Cases that are not compared.
     *
     * @param operators of which operators
     * @param cases cases of which names
     * @param reason why not
     */
    record Omission(List<String> operators, Pattern cases, String reason) {
        boolean names(String operator, String caseName) {
            return operators.contains(operator) && cases.matcher(caseName).matches();
        }
    }

    static DifferenceTable load() {
        List<Difference> differences = Resource.rows("differences.tsv").stream()
                .map(row -> new Difference(list(row[0]), list(row[1]), pattern(row[2]), Bound.parse(row[3]), row[4]))
                .toList();
        List<Omission> omissions = Resource.rows("uncompared.tsv").stream()
                .map(row -> new Omission(list(row[0]), pattern(row[1]), row[2])).toList();
        return new DifferenceTable(differences, omissions);
    }

    private static List<String> list(String text) {
        return List.of(text.split(" ", -1));
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(text.equals(ALL) ? ".*" : text);
    }

    /** The first row that a difference falls under. */
    Optional<Difference> explain(Peer peer, String operator, String caseName, Deviation deviation) {
        return differences.stream()
                .filter(row -> row.names(peer, operator, caseName) && row.bound().covers(deviation)).findFirst();
    }

    Optional<Omission> omission(String operator, String caseName) {
        return omissions.stream().filter(row -> row.names(operator, caseName)).findFirst();
    }
}
