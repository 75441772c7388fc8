// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Origin;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code POST} to one path of a Netty HTTP server with a ticket for the logged-in user:
 * {@code {"status":"ok","message":TICKET,"expires_in":10}}. It stands behind {@code HttpServerCodec}, and before what serves other requests.
 *
 * <pre>{@code
 * channel.pipeline()
 *         .addLast(new HttpServerCodec())
 *         .addLast(IssuerHandler.of(issuer, "/ticket/", users))
 *         .addLast(new HttpObjectAggregator(65_536), new Pages());
 * }</pre>
 *
 * <p>One spelling of the path is answered, as it is sent, with any query and any method. Everything else is passed on. The requests of a
 * connection are taken one at a time, as by a {@link TicketHandler}, so that no answer overtakes another: the others are awaited as HTTP objects
 * up to the last one. While the store is asked no thread waits, and what comes behind the request waits here. If the client leaves meanwhile, its
 * ticket reaches nobody; if this handler is taken out meanwhile, the connection is closed.
 *
 * <p>An aggregator before this handler is needed only for what looks into a body, such as a proof in a form. What it answers itself (413, 417)
 * overtakes a ticket that is still asked for. Without it a body is read to its end and dropped. One of more than 64 KiB, or that Netty can't
 * decode, is answered with 400. After these, and where the client waits to be told that it may send its body ({@code Expect}), the connection
 * is closed.
 *
 * <p>Not sharable: each channel needs its own.
 *
 * <p><b>Security:</b> the {@link Issuer} decides where a request may come from. What other handlers do before this one, such as a redirect to a
 * login page, must leave the path alone.
 */
public final class IssuerHandler extends RequestByRequest {

    private static final int LONGEST_BODY = 65_536;

    private static final Pattern AS_SENT = Pattern.compile("/[!-~&&[^?#]]*");

    private final Issuer issuer;
    private final String path;
    private final TicketGrants grants;
    private final Predicate<? super HttpRequest> csrfProof;
    private final @Nullable Function<? super HttpRequest, Optional<Origin>> ownOrigin;
    private boolean own;
    private @Nullable HttpRequest coming;
    private int length;

    private IssuerHandler(
            Issuer issuer,
            String path,
            TicketGrants grants,
            Predicate<? super HttpRequest> csrfProof,
            @Nullable Function<? super HttpRequest, Optional<Origin>> ownOrigin) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.path = path;
        this.grants = Objects.requireNonNull(grants, "grants");
        this.csrfProof = Objects.requireNonNull(csrfProof, "csrfProof");
        this.ownOrigin = ownOrigin;
    }

    /**
     * A handler that issues at this path, such as {@code /ticket/}, what the application grants its users, to pages whose browser says where they
     * come from.
     *
     * @throws IllegalArgumentException if no request has the path as it is sent: it starts with a slash, is percent-encoded and has no query
     */
    public static IssuerHandler of(Issuer issuer, String path, TicketGrants grants) {
        if (!AS_SENT.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "The path of an issuer is one as it is sent, such as /ticket/, not " + path);
        }
        return new IssuerHandler(issuer, path, grants, request -> false, null);
    }

    /**
     * The same, also for requests that do not say where they come from, if they carry what this test finds: the application's own CSRF
     * token. It is asked only about users who are logged in, where {@link TicketGrants} are.
     */
    public IssuerHandler withCsrfProof(Predicate<? super HttpRequest> csrfProof) {
        return new IssuerHandler(issuer, path, grants, csrfProof, ownOrigin);
    }

    /**
     * The same, with this function for the origin that a request was sent to, as a proxy tells it that ends TLS or rewrites {@code Host}; empty
     * if it does not. Where that is one origin alone, {@link Issuer.Builder#origin} is enough. Without either it is the request's {@code Host}, with
     * {@code https} if there is an {@link SslHandler} in the pipeline of the channel or of its parent. What it throws is answered with 500.
     *
     * <p><b>Security:</b> it must believe no header field that a client can send past the proxy.
     */
    public IssuerHandler withOwnOrigin(Function<? super HttpRequest, Optional<Origin>> ownOrigin) {
        return new IssuerHandler(issuer, path, grants, csrfProof, Objects.requireNonNull(ownOrigin, "ownOrigin"));
    }

    @Override
    void take(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            String target = request.uri();
            own = target.startsWith(path) && (target.length() == path.length() || target.charAt(path.length()) == '?');
        }
        if (own && message instanceof HttpObject part) {
            takeOwn(ctx, part);
            // Whoever reads by itself sees none of it, and would wait.
            read(ctx);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void takeOwn(ChannelHandlerContext ctx, HttpObject part) {
        if (part instanceof HttpRequest request) {
            coming = request;
            length = 0;
        } else if (part instanceof HttpContent content) {
            length = Math.min(length + content.content().readableBytes(), LONGEST_BODY + 1);
            content.release();
        }
        HttpRequest request = coming;
        if (request == null) {
            return;
        }
        boolean readable = part.decoderResult().isSuccess() && length <= LONGEST_BODY;
        boolean last = part instanceof LastHttpContent;
        if (last || !readable || HttpUtil.is100ContinueExpected(request)) {
            coming = null;
            ask(ctx, request, readable, readable && last && HttpUtil.isKeepAlive(request));
        }
    }

    private void ask(ChannelHandlerContext ctx, HttpRequest request, boolean readable, boolean keepAlive) {
        undecided = request;
        var asked = new NettyIssueRequest(
                request, readable, ownOrigin == null ? sent -> origin(ctx.channel(), sent) : ownOrigin, csrfProof);
        CompletionStage<Void> unused = issuer.issue(asked, () -> grants.grant(request))
                .thenAccept(said -> ctx.executor().execute(() -> said(ctx, request, said, keepAlive)));
    }

    private void said(ChannelHandlerContext ctx, HttpRequest request, IssueAnswer said, boolean keepAlive) {
        if (undecided == request) {
            undecided = null;
            ReferenceCountUtil.release(request);
            answer(ctx, Answers.issued(said, request.protocolVersion(), keepAlive));
        }
    }

    private static Optional<Origin> origin(Channel channel, HttpRequest request) {
        // Two of them, or none, make no origin.
        String host = String.join(",", request.headers().getAll(HttpHeaderNames.HOST));
        return Origin.parse((isSecure(channel) ? "https://" : "http://") + host);
    }

    // A stream of HTTP/2 is a channel of its own, in one that has the TLS.
    private static boolean isSecure(@Nullable Channel channel) {
        return channel != null && (channel.pipeline().get(SslHandler.class) != null || isSecure(channel.parent()));
    }
}
