// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketValueCodecTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456789Z");
    private static final String EDGES =
            "\"\\/\b\f\n\r\t\0\u001f\u007f\u0080\u2028\u2029\ufeff\ufffd\uffff😀\udbff\udfff<>&'%+é漢";

    @Test
    void theTextOfABareHolderIsWhatAnyBackendReads() {
        assertThat(text(bare(TicketHolder.of(1, "alice")))).isEqualTo("{\"id\":1,\"username\":\"alice\"}");
        assertThat(text(bare(TicketHolder.of("1", "al\"ice")))).isEqualTo("{\"id\":\"1\",\"username\":\"al\\\"ice\"}");
    }

    @Test
    void theTextOfAFullValueHasOursInRt() {
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
        attributes.put("roles", List.of("admin", true));
        attributes.put("team", null);
        var holder = TicketHolder.of(1, "漢\u0001").withAttributes(attributes);
        var value = new TicketValue(holder, new TicketBinding("chat", "https://app.example"), NOON);

        assertThat(text(value))
                .isEqualTo("{\"id\":1,\"username\":\"漢\\u0001\",\"roles\":[\"admin\",true],\"team\":null,"
                        + "\"rt\":{\"audience\":\"chat\",\"origin\":\"https://app.example\",\"issued_at\":"
                        + NOON.toEpochMilli() + "}}");
    }

    @Test
    void everythingComesBackEqual() {
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
        attributes.put("nothing", null);
        attributes.put("true", true);
        attributes.put("long", Long.MIN_VALUE);
        attributes.put("big", BigInteger.TWO.pow(200));
        attributes.put("decimals", List.of(0.1, new BigDecimal("1.10"), new BigDecimal("1E+5"), 1e-300, -0.5f, 1e300));
        attributes.put("nested", Map.of("a", List.of(List.of(Map.of("b", "c")), List.of(), Map.of())));
        attributes.put("", "empty name");
        attributes.put(EDGES, EDGES);
        var holder = new TicketHolder(BigInteger.TEN.pow(30), EDGES, attributes);

        for (TicketValue value : List.of(
                bare(holder),
                new TicketValue(holder, new TicketBinding(EDGES, EDGES), NOON),
                new TicketValue(holder, new TicketBinding("chat", null), null),
                new TicketValue(holder, TicketBinding.none(), Instant.EPOCH),
                new TicketValue(
                        holder,
                        TicketBinding.none(),
                        null,
                        List.of("ROLE_A", EDGES),
                        TicketLogin.none(),
                        "0123456789abcdef0123456789abcdef01234567",
                        null))) {
            assertThat(TicketValueCodec.decode(TicketValueCodec.encode(value))).contains(value);
        }
    }

    @Test
    void theDeepestHolderComesBack() {
        Object deep = "x";
        for (int i = 0; i < 15; i++) {
            deep = i % 2 == 0 ? Map.of("n", deep) : List.of(deep);
        }
        TicketValue value = bare(TicketHolder.of(1, "alice").withAttributes(Map.of("deep", deep)));

        assertThat(TicketValueCodec.decode(TicketValueCodec.encode(value))).contains(value);
    }

    @Test
    void theLongestNumbersComeBack() {
        BigInteger whole = BigInteger.TEN.pow(1000).subtract(BigInteger.ONE).negate();
        for (Object number :
                List.of(whole, new BigDecimal(whole, 1000), new BigDecimal(whole, -1000), new BigDecimal(whole, 1))) {
            TicketValue value = bare(TicketHolder.of(1, "alice").withAttributes(Map.of("n", number)));

            assertThat(TicketValueCodec.decode(TicketValueCodec.encode(value))).contains(value);
        }
    }

    @Test
    void randomUnicodeNamesComeBack() {
        var random = new Random(20261122);
        for (int i = 0; i < 5_000; i++) {
            String name = randomText(random);
            var holder =
                    new TicketHolder(randomText(random), name, Map.of(randomText(random) + "!", randomText(random)));
            TicketValue value = bare(holder);

            assertThat(TicketValueCodec.decode(TicketValueCodec.encode(value))).contains(value);
        }
    }

    @Test
    void aValueOf4096BytesFitsAndOneOfOneMoreDoesNot() {
        int rest = 4096 - text(bare(TicketHolder.of(1, "x"))).length() + 1;
        TicketValue fits = bare(TicketHolder.of(1, "x".repeat(rest)));
        TicketValue doesNot = bare(TicketHolder.of(1, "x".repeat(rest + 1)));

        assertThat(TicketValueCodec.encode(fits)).hasSize(4096);
        TicketValueCodec.requireFits(fits);
        assertThat(TicketValueCodec.decode(TicketValueCodec.encode(fits))).contains(fits);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketValueCodec.encode(doesNot))
                .withMessageContaining("4097")
                .withMessageContaining("4096");
        assertThatIllegalArgumentException().isThrownBy(() -> TicketValueCodec.requireFits(doesNot));
    }

    @Test
    void theLimitIsOnBytesNotOnCharacters() {
        for (String wide : List.of("\u0001", "漢", "😀", "\"", "é")) {
            int frame = "{'id':1,'username':''}".length();
            int bytes = TicketValueCodec.encode(bare(TicketHolder.of(1, wide))).length - frame;
            int most = (4096 - frame) / bytes;

            TicketValueCodec.requireFits(bare(TicketHolder.of(1, wide.repeat(most))));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TicketValueCodec.requireFits(bare(TicketHolder.of(1, wide.repeat(most + 1)))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": 1, \"username\": \"alice\"}",
                " \r\n\t{ \"username\" : \"alice\" , \"id\" : 1 } \n",
                "{\"id\":1,\"username\":\"\\u0061lice\"}",
                "{\"\\u0069d\":1,\"username\":\"alice\"}"
            })
    void whatTheOriginalsPythonWroteIsRead(String json) {
        assertThat(decode(json)).isEqualTo(bare(TicketHolder.of(1, "alice")));
    }

    @Test
    void pythonsEscapesAreRead() {
        assertThat(decode("{\"id\": \"0f8f\", \"username\": \"\\ud83d\\ude00 \\u00e9\", \"is_staff\": false}"))
                .isEqualTo(bare(TicketHolder.of("0f8f", "😀 é").withAttributes(Map.of("is_staff", false))));
    }

    @Test
    void anUnknownMemberOfRtIsForALaterVersion() {
        assertThat(decode("{\"id\":1,\"username\":\"a\",\"rt\":{\"run_id\":[1],\"audience\":\"chat\"}}"))
                .isEqualTo(new TicketValue(TicketHolder.of(1, "a"), new TicketBinding("chat", null), null));
    }

    @Test
    void theTimeOfIssueIsReadWhateverItIs() {
        for (long millis : new long[] {0, -1, 1_795_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(decode("{\"id\":1,\"username\":\"a\",\"rt\":{\"issued_at\":" + millis + "}}"))
                    .isEqualTo(new TicketValue(
                            TicketHolder.of(1, "a"), TicketBinding.none(), Instant.ofEpochMilli(millis)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"alice\"",
                "[]",
                "[{\"id\":1,\"username\":\"a\"}]",
                "{}",
                "alice",
                "{\"id\":1}",
                "{\"username\":\"a\"}",
                "{\"id\":null,\"username\":\"a\"}",
                "{\"id\":1,\"username\":null}",
                "{\"id\":1,\"username\":\"\"}",
                "{\"id\":\"\",\"username\":\"a\"}",
                "{\"id\":1,\"username\":7}",
                "{\"id\":true,\"username\":\"a\"}",
                "{\"id\":1.0,\"username\":\"a\"}",
                "{\"id\":1e2,\"username\":\"a\"}",
                "{\"id\":1E0,\"username\":\"a\"}",
                "{\"id\":1.0e1,\"username\":\"a\"}",
                "{\"id\":[],\"username\":\"a\"}",
                "{\"id\":{},\"username\":\"a\"}",
                "{\"id\":1,\"id\":1,\"username\":\"a\"}",
                "{\"id\":1,\"\\u0069d\":2,\"username\":\"a\"}",
                "{\"id\":1,\"username\":\"a\",\"username\":\"b\"}",
                "{\"id\":1,\"username\":\"a\",\"x\":{\"y\":1,\"y\":1}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"audience\":\"x\",\"audience\":\"y\"}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"audience\":\"x\"},\"rt\":{}}",
                "{\"id\":1,\"username\":\"a\"}x",
                "{\"id\":1,\"username\":\"a\"}{}",
                "{\"id\":1,\"username\":\"a\"}\0",
                "{\"id\":1,\"username\":\"a\"} 1",
                "{\"id\":1,\"username\":\"a\",}",
                "{\"id\":1,\"username\":\"a\"",
                "{'id':1,'username':'a'}",
                "{id:1,username:\"a\"}",
                "{\"id\":1,/**/\"username\":\"a\"}",
                "{\"id\":01,\"username\":\"a\"}",
                "{\"id\":+1,\"username\":\"a\"}",
                "{\"id\":NaN,\"username\":\"a\"}",
                "{\"id\":1,\"username\":\"a\",\"x\":NaN}",
                "{\"id\":1,\"username\":\"a\",\"x\":Infinity}",
                "{\"id\":1,\"username\":\"a\",\"x\":1e2147483647}",
                "{\"id\":1,\"username\":\"a\",\"x\":1e2147483648}",
                "{\"id\":1,\"username\":\"a\",\"x\":1e-2147483648}",
                "{\"id\":1,\"username\":\"a\",\"x\":1e99999999999999999999}",
                "{\"id\":1,\"username\":\"a\",\"x\":10e2147483647}",
                "{\"id\":1,\"username\":\"a\nb\"}",
                "{\"id\":1,\"username\":\"\\ud83d\"}",
                "{\"id\":1,\"username\":\"\\ude00\\ud83d\"}",
                "{\"id\":1,\"username\":\"a\",\"\\ud83d\":1}",
                "{\"id\":1,\"username\":\"a\",\"x\":[\"\\udfff\"]}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"audience\":\"\\ud83d\"}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":null}",
                "{\"id\":1,\"username\":\"a\",\"rt\":[]}",
                "{\"id\":1,\"username\":\"a\",\"rt\":\"\"}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"audience\":1}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"audience\":null}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"audience\":\"\"}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"origin\":false}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"issued_at\":\"2026\"}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"issued_at\":1.5}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"issued_at\":9223372036854775808}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"x\":\"\\ud800\"}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"x\":[{\"\\udfff\":1}]}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"x\":1e5000}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"x\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"authorities\":\"ROLE_A\"}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"authorities\":null}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"authorities\":[1]}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"authorities\":[null]}}",
                "{\"id\":1,\"username\":\"a\",\"rt\":{\"authorities\":[\"\"]}}",
                "\ufeff\ufeff{\"id\":1,\"username\":\"a\"}"
            })
    void anythingElseIsNothing(String json) {
        assertThat(TicketValueCodec.decode(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNothing() {
        assertThat(TicketValueCodec.decode("\ufeff{\"id\":1,\"username\":\"a\"}".getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void invalidUtf8IsNothing() {
        for (String broken :
                List.of("\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00e2\u0082", "\u00f5\u0080\u0080\u0080")) {
            byte[] bytes = ("{\"id\":1,\"username\":\"a" + broken + "\"}").getBytes(ISO_8859_1);

            assertThat(TicketValueCodec.decode(bytes)).isEmpty();
        }
    }

    @Test
    void otherEncodingsAreNothing() {
        String json = "{\"id\":1,\"username\":\"a\"}";

        assertThat(TicketValueCodec.decode(json.getBytes(java.nio.charset.StandardCharsets.UTF_16BE)))
                .isEmpty();
        assertThat(TicketValueCodec.decode(json.getBytes(java.nio.charset.StandardCharsets.UTF_16LE)))
                .isEmpty();
    }

    @Test
    void deepNestingAndLongNumbersAreNothing() {
        for (String odd : List.of(
                "[".repeat(1000) + "]".repeat(1000),
                "{\"a\":".repeat(500) + "1" + "}".repeat(500),
                "[".repeat(17) + "]".repeat(17),
                "[".repeat(3000),
                "1" + "0".repeat(1050),
                "1" + "0".repeat(3000),
                "0." + "1".repeat(3000),
                "-" + "9".repeat(3000))) {
            for (String json : List.of(
                    odd,
                    "{\"id\":1,\"username\":\"a\",\"x\":" + odd + "}",
                    "{\"id\":" + odd + ",\"username\":\"a\"}",
                    "{\"id\":1,\"username\":\"a\",\"rt\":" + odd + "}")) {
                assertThat(TicketValueCodec.decode(json.getBytes(UTF_8))).isEmpty();
            }
        }
    }

    @Test
    void moreThan4096BytesAreNothing() {
        String json = "{\"id\":1,\"username\":\"a\"}";

        assertThat(decode(json + " ".repeat(4096 - json.length()))).isEqualTo(bare(TicketHolder.of(1, "a")));
        assertThat(TicketValueCodec.decode((json + " ".repeat(4097 - json.length())).getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void noTruncationOfAValueIsAValue() {
        byte[] bytes = TicketValueCodec.encode(full());

        for (int length = 0; length < bytes.length; length++) {
            assertThat(TicketValueCodec.decode(Arrays.copyOf(bytes, length))).isEmpty();
        }
    }

    @Test
    void mutationsOfAValueNeverThrowAndAreWritableIfTheyAreRead() {
        var random = new Random(42);
        byte[] original = TicketValueCodec.encode(full());
        byte[] alphabet = "{}[]\",:\\u0123456789eE+-.truefalsn \0\u00ff\u00ed\u00f0\u0080".getBytes(ISO_8859_1);
        int read = 0;

        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = original.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? alphabet[random.nextInt(alphabet.length)] : (byte) random.nextInt(256);
            }
            var value = TicketValueCodec.decode(bytes);
            if (value.isPresent()) {
                read++;
                assertThat(TicketValueCodec.decode(TicketValueCodec.encode(value.get())))
                        .isEqualTo(value);
            }
        }

        assertThat(read).isBetween(1, 29_999);
    }

    private static TicketValue full() {
        var holder = new TicketHolder(
                12345678901L, "ali\u0001ce😀", Map.of("n", List.of(-1.5e7, true, false), "m", Map.of("k", "v\\")));
        return new TicketValue(holder, new TicketBinding("chat", "https://app.example"), NOON);
    }

    private static TicketValue bare(TicketHolder holder) {
        return new TicketValue(holder, TicketBinding.none(), null);
    }

    private static String text(TicketValue value) {
        return new String(TicketValueCodec.encode(value), UTF_8);
    }

    private static TicketValue decode(String json) {
        return TicketValueCodec.decode(json.getBytes(UTF_8)).orElseThrow();
    }

    private static String randomText(Random random) {
        var text = new StringBuilder();
        for (int length = 1 + random.nextInt(20); length > 0; length--) {
            int point =
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 ->
                            EDGES.codePointAt(EDGES.offsetByCodePoints(
                                    0, random.nextInt(EDGES.codePointCount(0, EDGES.length()))));
                        case 2 -> 0x10000 + random.nextInt(0x100000);
                        case 3 -> random.nextInt(0x80);
                        default -> random.nextInt(0xd800);
                    };
            text.appendCodePoint(point);
        }
        return text.toString();
    }
}
