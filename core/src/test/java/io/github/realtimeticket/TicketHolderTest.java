// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketHolderTest {

    private static final BigInteger BEYOND_LONG =
            BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE);

    @Test
    void aHolderIsAPrincipalOfItsUsername() {
        Principal principal = TicketHolder.of(1, "alice");

        assertThat(principal.getName()).isEqualTo("alice");
    }

    @Test
    void aNumericIdStaysANumberAndATextualOneAText() {
        assertThat(TicketHolder.of(7, "a").id()).isEqualTo(7L);
        assertThat(TicketHolder.of("7", "a").id()).isEqualTo("7");
        assertThat(TicketHolder.of(7, "a")).isNotEqualTo(TicketHolder.of("7", "a"));
    }

    @Test
    void everyKindOfIntegerBecomesOneForm() {
        for (Object id :
                List.of((byte) 7, (short) 7, 7, 7L, BigInteger.valueOf(7), new BigDecimal("7"), new BigDecimal("7"))) {
            assertThat(new TicketHolder(id, "a", Map.of()).id()).isEqualTo(7L);
        }
        assertThat(new TicketHolder(BEYOND_LONG, "a", Map.of()).id()).isEqualTo(BEYOND_LONG);
        assertThat(new TicketHolder(BEYOND_LONG.negate(), "a", Map.of()).id()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void anIdOfAnotherTypeIsRefused() {
        for (Object id : List.of(
                true,
                1.5,
                1.0,
                1f,
                new BigDecimal("1.0"),
                'x',
                List.of(),
                Map.of(),
                UUID.randomUUID(),
                new AtomicInteger())) {
            assertThatIllegalArgumentException().as("%s", id).isThrownBy(() -> new TicketHolder(id, "alice", Map.of()));
        }
    }

    @Test
    void anEmptyIdOrUsernameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketHolder.of("", "alice"))
                .withMessageContaining("id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketHolder.of(1, ""))
                .withMessageContaining("username");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nothingIsNoIdAndNoUsername() {
        assertThatNullPointerException().isThrownBy(() -> TicketHolder.of((String) null, "alice"));
        assertThatNullPointerException().isThrownBy(() -> TicketHolder.of(1, null));
    }

    @Test
    void attributesAreCopiedToTheBottom() {
        List<@Nullable Object> inner = new ArrayList<>(Arrays.asList("x", null));
        Map<String, @Nullable Object> middle = new HashMap<>(Map.of("list", inner));
        Map<String, @Nullable Object> outer = new HashMap<>(Map.of("map", middle));
        TicketHolder holder = TicketHolder.of(1, "alice").withAttributes(outer);

        inner.add("later");
        middle.put("later", 1);
        outer.put("later", 1);

        assertThat(holder.attributes()).isEqualTo(Map.of("map", Map.of("list", Arrays.asList("x", null))));
    }

    @Test
    void attributesCannotBeChangedAnywhere() {
        TicketHolder holder =
                TicketHolder.of(1, "alice").withAttributes(Map.of("list", List.of(List.of()), "map", Map.of("a", 1)));

        assertThat(holder.attributes()).isUnmodifiable();
        assertThat((List<?>) holder.attributes().get("list")).isUnmodifiable();
        assertThat((Map<?, ?>) holder.attributes().get("map")).isUnmodifiable();
        assertThat(TicketHolder.of(1, "alice").attributes()).isUnmodifiable();
    }

    @Test
    void numbersInAttributesTakeTheFormThatTheyComeBackIn() {
        Map<String, @Nullable Object> attributes = TicketHolder.of(1, "alice")
                .withAttributes(Map.of(
                        "int", 1, "double", 0.1, "float", 0.1f, "big", BEYOND_LONG, "whole", new BigDecimal("12")))
                .attributes();

        assertThat(attributes)
                .isEqualTo(Map.of(
                        "int",
                        1L,
                        "double",
                        new BigDecimal("0.1"),
                        "float",
                        new BigDecimal("0.1"),
                        "big",
                        BEYOND_LONG,
                        "whole",
                        12L));
    }

    @Test
    void aCollectionBecomesAList() {
        var set = new LinkedHashSet<>(List.of("b", "a"));

        assertThat(TicketHolder.of(1, "alice")
                        .withAttributes(Map.of("set", set))
                        .attributes())
                .isEqualTo(Map.of("set", List.of("b", "a")));
    }

    @Test
    void aValueThatJsonDoesNotHaveIsRefused() {
        for (Object odd : List.of(
                'x',
                new int[] {1},
                new Object[0],
                UUID.randomUUID(),
                Thread.State.NEW,
                new AtomicInteger(),
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY)) {
            assertThatIllegalArgumentException().as("%s", odd).isThrownBy(() -> TicketHolder.of(1, "alice")
                    .withAttributes(Map.of("a", odd)));
        }
    }

    @Test
    void aKeyThatIsNoStringIsRefusedAtEveryLevel() {
        Map<@Nullable Object, Object> nullKey = new HashMap<>();
        nullKey.put(null, 1);

        for (Map<?, ?> odd : List.of(nullKey, Map.of(1, 1), Map.of(true, 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketHolder.of(1, "alice").withAttributes(Map.of("a", odd)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketHolder.of(1, "alice").withAttributes(unchecked(odd)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "username", "rt"})
    void anAttributeCannotTakeAMembersName(String taken) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketHolder.of(1, "alice").withAttributes(Map.of(taken, 1)))
                .withMessageContaining(taken);
        assertThat(TicketHolder.of(1, "alice")
                        .withAttributes(Map.of("a", Map.of(taken, 1)))
                        .attributes())
                .hasSize(1);
    }

    @Test
    void nestingHasALimitThatACycleReachesToo() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);

        assertThat(TicketHolder.of(1, "alice")
                        .withAttributes(Map.of("a", nested(15)))
                        .attributes())
                .hasSize(1);
        for (Object deep : List.of(nested(16), cycle)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketHolder.of(1, "alice").withAttributes(Map.of("a", deep)))
                    .withMessageContaining("deeper");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00", "\ude00\ud83d", "a\ud83d\ud83d\ude00", "\udfff"})
    void anUnpairedSurrogateIsRefusedWithAClearError(String broken) {
        TicketHolder alice = TicketHolder.of(1, "alice");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketHolder.of(1, broken))
                .withMessageContaining("username")
                .withMessageContaining("unpaired surrogate (U+D");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketHolder.of(broken, "alice"))
                .withMessageContaining("id of a ticket's holder")
                .withMessageContaining("unpaired surrogate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alice.withAttributes(Map.of("a", List.of(broken))))
                .withMessageContaining("unpaired surrogate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alice.withAttributes(Map.of(broken, 1)))
                .withMessageContaining("unpaired surrogate");
    }

    @Test
    void numbersTooLongToReadBackAreRefused() {
        for (Number number : List.of(
                BigInteger.TEN.pow(1000),
                BigInteger.TEN.pow(1000).negate(),
                new BigDecimal(BigInteger.ONE, 1001),
                new BigDecimal(BigInteger.ONE, -1001),
                new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
                new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketHolder.of(1, "alice").withAttributes(Map.of("a", number)));
        }
    }

    @Test
    void aNumberOfAThousandDigitsIsNotTooLong() {
        BigInteger number = BigInteger.TEN.pow(1000).subtract(BigInteger.ONE);

        assertThat(TicketHolder.of(1, "alice")
                        .withAttributes(Map.of("a", number))
                        .attributes())
                .isEqualTo(Map.of("a", number));
        assertThat(new TicketHolder(number.negate(), "alice", Map.of()).id()).isEqualTo(number.negate());
    }

    @Test
    void controlAndInvisibleCharactersAreEscapedWhereAHolderIsPrinted() {
        TicketHolder holder =
                new TicketHolder("1\n2", "a\r\n\t\0\u001b[31m\u2028\u202e\ufeff\\é😀", Map.of("secret", "x"));

        assertThat(holder)
                .hasToString("TicketHolder[id=1\\u000a2, username=a\\u000d\\u000a\\u0009\\u0000\\u001b[31m"
                        + "\\u2028\\u202e\\ufeff\\u005cé😀]");
    }

    @Test
    void whatElseTheApplicationOrTheStoreSaysIsEscapedWhereItIsPrinted() {
        TicketHolder alice = TicketHolder.of(1, "alice");
        var value = new TicketValue(
                alice, TicketBinding.none(), null, List.of("ROLE\nA"), TicketLogin.none(), "x\ny", null);
        var grant = TicketGrant.to(alice).withAudience("a\rb").withAuthorities(List.of("ROLE\nA"));

        assertThat(value.toString()).contains("ROLE\\u000aA", "x\\u000ay").doesNotContain("\n");
        assertThat(grant.toString()).contains("a\\u000db", "ROLE\\u000aA").doesNotContain("\n", "\r");
        assertThat(TicketGrant.denied("no\nroom")).hasToString("Denied[no\\u000aroom]");
    }

    private static Object nested(int levels) {
        Object nested = 1;
        for (int i = 0; i < levels; i++) {
            nested = i % 2 == 0 ? List.of(nested) : Map.of("n", nested);
        }
        return nested;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> unchecked(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
