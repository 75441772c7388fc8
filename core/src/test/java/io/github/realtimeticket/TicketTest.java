// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @Test
    void aNewTicketIs160BitsAsBase64UrlWithoutPadding() {
        assertThat(Ticket.random().reveal()).matches("[A-Za-z0-9_-]{27}");
    }

    @Test
    void aNewTicketIsAccepted() {
        Ticket ticket = Ticket.random();

        assertThat(Ticket.parse(ticket.reveal())).contains(ticket);
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 23, 27, 36, 63, 64})
    void aTextOf22To64CharactersIsAccepted(int length) {
        String text = "x".repeat(length);

        assertThat(Ticket.parse(text).map(Ticket::reveal)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 21, 65, 66, 4096, 1_000_000})
    void aShorterOrLongerTextIsNoTicket(int length) {
        assertThat(Ticket.parse("x".repeat(length))).isEmpty();
    }

    @Test
    void noTextIsNoTicket() {
        assertThat(Ticket.parse(null)).isEmpty();
    }

    @Test
    void aTicketHasCharactersOfBase64UrlOnlyWhereverTheyStand() {
        for (char c = 0; c < 0x3000; c++) {
            boolean allowed = ALPHABET.indexOf(c) >= 0;
            String rest = "x".repeat(29);

            assertThat(Ticket.parse(c + rest).isPresent())
                    .as("U+%04X first", (int) c)
                    .isEqualTo(allowed);
            assertThat(Ticket.parse(rest + c).isPresent())
                    .as("U+%04X last", (int) c)
                    .isEqualTo(allowed);
            assertThat(Ticket.parse("x".repeat(15) + c + "x".repeat(14)).isPresent())
                    .as("U+%04X within", (int) c)
                    .isEqualTo(allowed);
        }
    }

    @Test
    void otherScriptsAndAstralCharactersAreNotAllowed() {
        for (String odd :
                List.of("\u0663", "\uff21", "😀", "\ud83d", "\udc00", "\ufeff", "\u0130", "\u017f", "\u212a")) {
            assertThat(Ticket.parse(odd + "x".repeat(29))).isEmpty();
        }
    }

    @Test
    void theUuidOfAnOldIssuerIsAccepted() {
        UUID uuid = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");

        assertThat(Ticket.parse(uuid.toString())).isPresent();
        assertThat(Ticket.parse(uuid.toString().replace("-", ""))).isPresent();
        assertThat(Ticket.parse("{" + uuid + "}")).isEmpty();
    }

    @Test
    void aTicketPrintsAsItsFingerprintAndNeverAsItsText() throws Exception {
        String text = "abcdefghijklmnopqrstuvwxyz0";
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));

        Ticket ticket = Ticket.parse(text).orElseThrow();

        assertThat(ticket.sha256()).isEqualTo(hash).hasSize(64);
        assertThat(ticket.fingerprint()).isEqualTo(hash.substring(0, 8));
        assertThat(ticket).hasToString("Ticket[" + hash.substring(0, 8) + "]");
    }

    @Test
    void ticketsAreEqualIfEveryCharacterIs() {
        String text = "abcdefghijklmnopqrstuvwxyz0";
        Ticket ticket = Ticket.parse(text).orElseThrow();

        assertThat(ticket)
                .isEqualTo(Ticket.parse(String.copyValueOf(text.toCharArray())).orElseThrow());
        assertThat(ticket).hasSameHashCodeAs(Ticket.parse(text).orElseThrow());
        for (int i = 0; i < text.length(); i++) {
            String other = text.substring(0, i) + "_" + text.substring(i + 1);
            assertThat(ticket).isNotEqualTo(Ticket.parse(other).orElseThrow());
        }
        assertThat(ticket).isNotEqualTo(Ticket.parse(text + "0").orElseThrow());
        assertThat(ticket).isNotEqualTo(Ticket.parse(text.substring(1)).orElseThrow());
        assertThat(ticket).isNotEqualTo(null);
    }

    @Test
    void aTicketCannotBeSerialized() {
        assertThat(Ticket.random()).isNotInstanceOf(Serializable.class);
    }
}
