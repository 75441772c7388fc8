// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/**
 * The response as the filters between the guard and the endpoint see it: what they answer is kept back but for its status, so
 * that a redirect to a login page or an HTML error becomes the endpoint's JSON. From {@link #open} on it is the response itself.
 *
 * <p>For one request, not thread-safe.
 */
final class GuardedResponse extends HttpServletResponseWrapper {

    private static final String ATTRIBUTE = GuardedResponse.class.getName();
    private static final int UNAUTHORIZED = 401;

    private final HttpServletResponse response;
    private boolean open;
    private boolean answered;
    private int status = 200;

    GuardedResponse(HttpServletRequest request, HttpServletResponse response) {
        super(response);
        this.response = response;
        request.setAttribute(ATTRIBUTE, this);
    }

    static boolean isFor(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof GuardedResponse;
    }

    /** Called by the endpoint when it has been reached; does nothing if no guard stands before it. */
    static void open(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof GuardedResponse guarded) {
            guarded.open = true;
        }
    }

    boolean isOpen() {
        return open;
    }

    /** What was meant: a redirect or a page in place of the endpoint is a login, that is 401. */
    int refusal() {
        return status < 400 ? UNAUTHORIZED : status;
    }

    private void answer(int status) {
        this.status = status;
        answered = true;
    }

    @Override
    public void setStatus(int status) {
        if (open) {
            super.setStatus(status);
        } else {
            this.status = status;
        }
    }

    @Override
    public int getStatus() {
        return open ? super.getStatus() : status;
    }

    @Override
    public void sendError(int status) {
        answer(status);
    }

    @Override
    public void sendError(int status, String message) {
        answer(status);
    }

    @Override
    public void sendRedirect(String location) {
        answer(UNAUTHORIZED);
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) {
        answer(UNAUTHORIZED);
    }

    @Override
    public void flushBuffer() throws java.io.IOException {
        if (open) {
            super.flushBuffer();
        } else {
            answered = true;
        }
    }

    @Override
    public void reset() {
        if (open) {
            super.reset();
        } else {
            status = 200;
        }
    }

    @Override
    public boolean isCommitted() {
        return open ? super.isCommitted() : answered;
    }

    @Override
    public ServletOutputStream getOutputStream() throws java.io.IOException {
        return open ? response.getOutputStream() : new Nowhere();
    }

    @Override
    public PrintWriter getWriter() throws java.io.IOException {
        return open ? response.getWriter() : new PrintWriter(Writer.nullWriter());
    }

    @Override
    public void setContentType(String type) {
        if (open) {
            super.setContentType(type);
        }
    }

    @Override
    public void setContentLength(int length) {
        if (open) {
            super.setContentLength(length);
        }
    }

    @Override
    public void setContentLengthLong(long length) {
        if (open) {
            super.setContentLengthLong(length);
        }
    }

    @Override
    public void setHeader(String name, String value) {
        if (open || passes(name)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (open || passes(name)) {
            super.addHeader(name, value);
        }
    }

    private static boolean passes(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        // WWW-Authenticate: Basic would open the browser's own login dialog over the page.
        return !lower.equals("location")
                && !lower.equals("www-authenticate")
                && !lower.startsWith("content-")
                && !lower.equals("cache-control")
                && !lower.equals("referrer-policy");
    }

    /** Where the body of a refusal goes that will be said in JSON. */
    private static final class Nowhere extends ServletOutputStream {

        private final OutputStream nowhere = OutputStream.nullOutputStream();

        @Override
        public void write(int b) throws java.io.IOException {
            nowhere.write(b);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("The endpoint has not been reached");
        }
    }
}
