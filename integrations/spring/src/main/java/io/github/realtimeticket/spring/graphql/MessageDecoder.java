// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.AbstractDataBufferDecoder;
import org.springframework.core.codec.Decoder;
import org.springframework.core.codec.Hints;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.graphql.server.support.GraphQlWebSocketMessage;
import org.springframework.http.MediaType;
import org.springframework.http.codec.CodecConfigurer;
import org.springframework.http.codec.DecoderHttpMessageReader;
import org.springframework.util.MimeType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads messages of GraphQL over WebSocket as another decoder does, but has nobody log them, since a ticket may be in one. Thread-safe. */
final class MessageDecoder extends AbstractDataBufferDecoder<GraphQlWebSocketMessage> {

    private static final System.Logger LOG = System.getLogger(MessageDecoder.class.getName());

    private static final ResolvableType MESSAGE = ResolvableType.forClass(GraphQlWebSocketMessage.class);

    private final Decoder<?> decoder;

    private MessageDecoder(Decoder<?> decoder) {
        super(decoder.getDecodableMimeTypes().toArray(MimeType[]::new));
        this.decoder = decoder;
    }

    /** These codecs with one of this kind before the others. */
    static CodecConfigurer in(CodecConfigurer codecs) {
        CodecConfigurer own = codecs.clone();
        codecs.getReaders().stream()
                .filter(reader -> reader.canRead(MESSAGE, MediaType.APPLICATION_JSON))
                .findFirst()
                .ifPresent(reader -> {
                    if (reader instanceof DecoderHttpMessageReader<?> known) {
                        own.customCodecs().register(new MessageDecoder(known.getDecoder()));
                    }
                });
        return own;
    }

    @Override
    public boolean canDecode(ResolvableType type, @Nullable MimeType mimeType) {
        return type.toClass() == GraphQlWebSocketMessage.class && decoder.canDecode(type, mimeType);
    }

    /** The message; {@code null}, for which Spring closes the session with 4400, for what is no message of the protocol. */
    @Override
    public @Nullable GraphQlWebSocketMessage decode(
            DataBuffer buffer, ResolvableType type, @Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
        try {
            Object read = decoder.decode(buffer, type, mimeType, Hints.from(Hints.SUPPRESS_LOGGING_HINT, true));
            return read instanceof GraphQlWebSocketMessage message && message.getPayload() instanceof Map<?, ?>
                    ? message
                    : null;
        } catch (RuntimeException e) {
            // Its words may have the ticket.
            LOG.log(System.Logger.Level.DEBUG, "A message of GraphQL is not read for " + e.getClass());
            return null;
        }
    }

    /** The messages, without what is none. */
    @Override
    public Flux<GraphQlWebSocketMessage> decode(
            Publisher<DataBuffer> input,
            ResolvableType type,
            @Nullable MimeType mimeType,
            @Nullable Map<String, Object> hints) {
        return Flux.from(input).mapNotNull(buffer -> decode(buffer, type, mimeType, hints));
    }

    /** The message; nothing for what is none. */
    @Override
    public Mono<GraphQlWebSocketMessage> decodeToMono(
            Publisher<DataBuffer> input,
            ResolvableType type,
            @Nullable MimeType mimeType,
            @Nullable Map<String, Object> hints) {
        return DataBufferUtils.join(input, getMaxInMemorySize())
                .mapNotNull(buffer -> decode(buffer, type, mimeType, hints));
    }
}
