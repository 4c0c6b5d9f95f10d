// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import java.util.Arrays;
import java.util.List;

/** Which elements of an axis make one element of the resized axis, and with what weights. */
record ResizeWeights(String mode, String coordinates, String nearest, double cubic, boolean excludeOutside,
        boolean antialias) {

    static ResizeWeights of(OpContext c) {
        boolean simple = c.since() < 11;
        String mode = c.text("mode", "nearest");
        ResizeWeights w = new ResizeWeights(mode,
                c.text("coordinate_transformation_mode", simple ? "asymmetric" : "half_pixel"),
                c.text("nearest_mode", simple ? "floor" : "round_prefer_floor"), c.real("cubic_coeff_a", -0.75f),
                c.flag("exclude_outside", false), c.flag("antialias", false));
        c.require(mode.equals("nearest") || mode.equals("linear") || mode.equals("cubic"), "mode = " + mode
                + ": must be nearest, linear or cubic");
        c.require(List.of("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners",
                "asymmetric", "tf_crop_and_resize", "tf_half_pixel_for_nn").contains(w.coordinates),
                "coordinate_transformation_mode = " + w.coordinates + " is unknown");
        return w;
    }

    boolean crops() {
        return coordinates.equals("tf_crop_and_resize");
    }

    /** The position in the input that belongs to an output element. */
    double position(Resize.Axis a, int o) {
        // not rounded: the standard's test vectors count the fraction of an element that a scale leaves
        double width = a.scale() * a.size();
        return switch (coordinates) {
            case "half_pixel" -> (o + 0.5) / a.scale() - 0.5;
            case "pytorch_half_pixel" -> a.outSize() > 1 ? (o + 0.5) / a.scale() - 0.5 : -0.5;
            case "tf_half_pixel_for_nn" -> (o + 0.5) / a.scale();
            case "half_pixel_symmetric" ->
                a.size() / 2.0 * (1 - a.outSize() / width) + (o + 0.5) / a.scale() - 0.5;
            case "align_corners" -> width == 1 ? 0 : o * (a.size() - 1) / (width - 1);
            case "tf_crop_and_resize" -> a.roiStart() * (a.size() - 1) + (a.outSize() > 1
                    ? o * (a.roiEnd() - a.roiStart()) * (a.size() - 1) / (a.outSize() - 1)
                    : (a.roiEnd() - a.roiStart()) * (a.size() - 1) / 2);
            default -> o / a.scale();
        };
    }

    private double stretch(double scale) {
        return antialias ? Math.min(scale, 1) : 1;
    }

    /** The first input element that counts. */
    int first(double position, double scale) {
        int floor = (int) Math.floor(position);
        return switch (mode) {
            case "nearest" -> nearest(position);
            case "linear" -> floor + (int) Math.floor(-1 / stretch(scale)) + 1;
            default -> floor + (int) Math.floor(-2 / stretch(scale)) + 1;
        };
    }

    private int nearest(double position) {
        return (int) switch (nearest) {
            case "round_prefer_ceil" -> Math.floor(position + 0.5);
            case "floor" -> Math.floor(position);
            case "ceil" -> Math.ceil(position);
            default -> Math.ceil(position - 0.5);
        };
    }

    /** The weights of the elements from {@code first} on; elements outside stand for the nearest one inside. */
    double[] at(double position, double scale, int first, int size) {
        if (mode.equals("nearest")) {
            return new double[] {1};
        }
        double stretch = stretch(scale);
        int reach = mode.equals("linear") ? 1 : 2;
        int n = 2 * (reach - (int) Math.floor(-reach / stretch) - 1);
        double[] weights = new double[n];
        double sum = 0;
        for (int k = 0; k < n; k++) {
            double distance = Math.abs((first + k - position) * stretch);
            weights[k] = mode.equals("linear") ? Math.max(0, 1 - distance) : cubic(distance);
            if (excludeOutside && (first + k < 0 || first + k >= size)) {
                weights[k] = 0;
            }
            sum += weights[k];
        }
        if (antialias || excludeOutside) {
            double whole = sum;
            Arrays.setAll(weights, k -> weights[k] / whole);
        }
        return weights;
    }

    private double cubic(double d) {
        if (d <= 1) {
            return ((cubic + 2) * d - (cubic + 3)) * d * d + 1;
        }
        return d < 2 ? ((cubic * d - 5 * cubic) * d + 8 * cubic) * d - 4 * cubic : 0;
    }
}
