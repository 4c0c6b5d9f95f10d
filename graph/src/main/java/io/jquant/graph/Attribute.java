// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.util.Arrays;
import java.util.List;

/** The value of a node's attribute. */
public sealed interface Attribute {
    /** The kinds of attributes. */
    enum Kind {
        /** One integer. */
        INT(Int.class),
        /** One float. */
        FLOAT(Real.class),
        /** One string. */
        STRING(Text.class),
        /** One tensor. */
        TENSOR(Data.class),
        /** A list of integers. */
        INTS(Ints.class),
        /** A list of floats. */
        FLOATS(Reals.class),
        /** A list of strings. */
        STRINGS(Texts.class);

        private final Class<? extends Attribute> type;

        Kind(Class<? extends Attribute> type) {
            this.type = type;
        }

        /** What ONNX calls a class of attributes. */
        static Kind of(Class<? extends Attribute> type) {
            return Arrays.stream(values()).filter(kind -> kind.type == type).findFirst().orElseThrow();
        }
    }

    /** {@return the kind of this attribute} */
    Kind kind();

    /**
     * One integer.
     *
     * @param value the value
     */
    record Int(long value) implements Attribute {
        @Override
        public Kind kind() {
            return Kind.INT;
        }
    }

    /**
     * One float.
     *
     * @param value the value
     */
    record Real(float value) implements Attribute {
        @Override
        public Kind kind() {
            return Kind.FLOAT;
        }
    }

    /**
     * One string.
     *
     * @param value the value
     */
    record Text(String value) implements Attribute {
        /** Checks the value. */
        public Text {
            if (value == null) {
                throw new IllegalArgumentException("value = null: must be a string");
            }
        }

        @Override
        public Kind kind() {
            return Kind.STRING;
        }
    }

    /**
     * One tensor.
     *
     * @param value the value
     */
    record Data(Tensor value) implements Attribute {
        /** Checks the value. */
        public Data {
            if (value == null) {
                throw new IllegalArgumentException("value = null: must be a tensor");
            }
        }

        @Override
        public Kind kind() {
            return Kind.TENSOR;
        }
    }

    /**
     * A list of integers.
     *
     * @param values the values
     */
    record Ints(List<Long> values) implements Attribute {
        /** Copies the list. */
        public Ints {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.INTS;
        }
    }

    /**
     * A list of floats.
     *
     * @param values the values
     */
    record Reals(List<Float> values) implements Attribute {
        /** Copies the list. */
        public Reals {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.FLOATS;
        }
    }

    /**
     * A list of strings.
     *
     * @param values the values
     */
    record Texts(List<String> values) implements Attribute {
        /** Copies the list. */
        public Texts {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.STRINGS;
        }
    }

    /**
     * An integer attribute.
     *
     * @param value the value
     * @return the attribute
     */
    static Attribute of(long value) {
        return new Int(value);
    }

    /**
     * A float attribute.
     *
     * @param value the value
     * @return the attribute
     */
    static Attribute of(float value) {
        return new Real(value);
    }

    /**
     * A string attribute.
     *
     * @param value the value
     * @return the attribute
     */
    static Attribute of(String value) {
        return new Text(value);
    }

    /**
     * A tensor attribute.
     *
     * @param value the value
     * @return the attribute
     */
    static Attribute of(Tensor value) {
        return new Data(value);
    }

    /**
     * An attribute that is a list of integers.
     *
     * @param values the values
     * @return the attribute
     */
    static Attribute ofInts(long... values) {
        return new Ints(Arrays.stream(values).boxed().toList());
    }
}
