// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what a holder is made of and brings it into the one form that survives JSON unchanged (T8). */
final class JsonValues {

    static final int DEEPEST = 16;
    static final Set<String> TAKEN = Set.of("id", "username", "rt");

    private static final int LONGEST_NUMBER = 1000;
    private static final BigInteger TOO_LONG = BigInteger.TEN.pow(LONGEST_NUMBER);
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private JsonValues() {}

    static Object id(Object id) {
        if (id instanceof String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("The id of a ticket's holder must not be empty");
            }
            requireUnicode("id of a ticket's holder", text);
            return text;
        }
        if (id instanceof Number number) {
            Number form = number(number);
            if (!(form instanceof BigDecimal)) {
                return form;
            }
        }
        throw new IllegalArgumentException("The id of a ticket's holder must be a string or an integer number, not a "
                + id.getClass().getName());
    }

    static Map<String, @Nullable Object> attributes(Map<String, ? extends @Nullable Object> attributes) {
        if (attributes.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable Object> copy = object("attributes", attributes, 1);
        for (String name : TAKEN) {
            if (copy.containsKey(name)) {
                throw new IllegalArgumentException("The attribute name \"" + name + "\" is taken");
            }
        }
        return copy;
    }

    /** What the protocol keeps beside the attributes, whose unknown members must be right, too. */
    static Map<String, @Nullable Object> ours(Map<?, ?> members) {
        return object("rt", members, 2);
    }

    static void requireUnicode(String what, String text) {
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("The " + what + " has an unpaired surrogate (U+"
                        + Integer.toHexString(point).toUpperCase(Locale.ROOT) + " at index " + i
                        + "): it is not Unicode text");
            }
            i += Character.charCount(point);
        }
    }

    /** Line breaks, control characters and other invisible ones as {@code \\uXXXX}. */
    static String escape(String text) {
        var escaped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            int type = Character.getType(point);
            boolean printable = point != '\\'
                    && type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR
                    && type != Character.SURROGATE
                    && type != Character.PRIVATE_USE
                    && type != Character.UNASSIGNED;
            if (printable) {
                escaped.appendCodePoint(point);
            } else {
                for (char c : Character.toChars(point)) {
                    escaped.append(String.format("\\u%04x", (int) c));
                }
            }
        });
        return escaped.toString();
    }

    private static @Nullable Object value(String name, @Nullable Object value, int depth) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof String text) {
            requireUnicode("text in the " + name + " of a ticket's holder", text);
            return text;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (depth >= DEEPEST) {
            throw new IllegalArgumentException(
                    "The " + name + " of a ticket's holder nest deeper than " + DEEPEST + " levels");
        }
        if (value instanceof Map<?, ?> map) {
            return object(name, map, depth + 1);
        }
        if (value instanceof Collection<?> list) {
            return array(name, list, depth + 1);
        }
        throw new IllegalArgumentException("The " + name + " of a ticket's holder have a "
                + value.getClass().getName() + ", which is not a JSON value");
    }

    private static Map<String, @Nullable Object> object(String name, Map<?, ?> map, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, value) -> {
            if (!(key instanceof String text)) {
                throw new IllegalArgumentException(
                        "The " + name + " of a ticket's holder have a key that is not a string");
            }
            requireUnicode("text in the " + name + " of a ticket's holder", text);
            copy.put(text, value(name, value, depth));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static List<@Nullable Object> array(String name, Collection<?> values, int depth) {
        List<@Nullable Object> copy = new ArrayList<>(values.size());
        for (Object value : values) {
            copy.add(value(name, value, depth));
        }
        return Collections.unmodifiableList(copy);
    }

    static Number number(Number number) {
        if (number instanceof Long) {
            return number;
        }
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        }
        if (number instanceof BigInteger integer) {
            return integer(integer);
        }
        if (number instanceof Double || number instanceof Float) {
            try {
                return decimal(new BigDecimal(number.toString()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("A number of a ticket's holder is not finite: " + number, e);
            }
        }
        if (number instanceof BigDecimal decimal) {
            return decimal(decimal);
        }
        throw new IllegalArgumentException(
                "A number of a ticket's holder is a " + number.getClass().getName() + ", which JSON does not have");
    }

    private static Number integer(BigInteger integer) {
        if (integer.compareTo(LONG_MIN) >= 0 && integer.compareTo(LONG_MAX) <= 0) {
            return integer.longValue();
        }
        requireShort(integer.abs().compareTo(TOO_LONG) < 0);
        return integer;
    }

    private static Number decimal(BigDecimal decimal) {
        requireShort(decimal.precision() <= LONGEST_NUMBER && Math.abs((long) decimal.scale()) <= LONGEST_NUMBER);
        // A scale of zero prints as an integer and is read back as one.
        return decimal.scale() == 0 ? integer(decimal.unscaledValue()) : decimal;
    }

    private static void requireShort(boolean isShort) {
        if (!isShort) {
            throw new IllegalArgumentException(
                    "A number of a ticket's holder has more than " + LONGEST_NUMBER + " digits");
        }
    }
}
