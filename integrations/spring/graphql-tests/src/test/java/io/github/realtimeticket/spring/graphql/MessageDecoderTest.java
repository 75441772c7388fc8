// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.Decoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.graphql.server.support.GraphQlWebSocketMessage;
import org.springframework.http.MediaType;
import org.springframework.http.codec.DecoderHttpMessageReader;
import org.springframework.http.codec.ServerCodecConfigurer;
import reactor.core.publisher.Flux;

/** What is no message is read as none, whichever way Spring asks. */
class MessageDecoderTest {

    private static final ResolvableType MESSAGE = ResolvableType.forClass(GraphQlWebSocketMessage.class);

    private static final String INIT = "{\"type\":\"connection_init\",\"payload\":{}}";

    private static final String NO_PAYLOAD = "{\"type\":\"ping\",\"payload\":5}";

    @Test
    void aStreamHasTheMessagesWithoutWhatIsNone() {
        List<?> read = decoder()
                .decode(buffers(INIT, "{", NO_PAYLOAD, INIT), MESSAGE, MediaType.APPLICATION_JSON, null)
                .collectList()
                .block();

        assertThat(read).hasSize(2).hasOnlyElementsOfType(GraphQlWebSocketMessage.class);
    }

    @Test
    void aMessageInPartsIsOneAndWhatIsNoneIsNothing() {
        Decoder<?> decoder = decoder();

        Object whole = decoder.decodeToMono(
                        buffers(INIT.substring(0, 9), INIT.substring(9)), MESSAGE, MediaType.APPLICATION_JSON, null)
                .block();
        Object none = decoder.decodeToMono(buffers("{"), MESSAGE, MediaType.APPLICATION_JSON, null)
                .block();

        assertThat(whole).isInstanceOf(GraphQlWebSocketMessage.class);
        assertThat(none).isNull();
    }

    private static Decoder<?> decoder() {
        return MessageDecoder.in(ServerCodecConfigurer.create()).getReaders().stream()
                .filter(reader -> reader.canRead(MESSAGE, MediaType.APPLICATION_JSON))
                .findFirst()
                .map(reader -> ((DecoderHttpMessageReader<?>) reader).getDecoder())
                .orElseThrow();
    }

    private static Flux<DataBuffer> buffers(String... texts) {
        return Flux.fromArray(texts)
                .map(text -> DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
