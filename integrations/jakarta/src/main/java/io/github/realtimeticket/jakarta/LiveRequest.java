// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A request whose asynchronous answer is completed when the login ends, and by the application no more then. */
final class LiveRequest extends HttpServletRequestWrapper {

    private final ServletResponse response;
    private final LiveStream live;

    LiveRequest(HttpServletRequest request, ServletResponse response, LiveStream live) {
        super(request);
        this.response = response;
        this.live = live;
    }

    // A container would show the application its own response (Servlet 6.0, ServletRequest.startAsync).
    @Override
    public AsyncContext startAsync() {
        return shown(super.startAsync(), this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return shown(super.startAsync(request, response), request, response);
    }

    @Override
    public AsyncContext getAsyncContext() {
        AsyncContext shown = live.shown();
        return shown == null ? super.getAsyncContext() : shown;
    }

    private AsyncContext shown(AsyncContext started, ServletRequest request, ServletResponse response) {
        var shown = (AsyncContext) Proxy.newProxyInstance(
                LiveRequest.class.getClassLoader(),
                new Class<?>[] {AsyncContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    // An application may keep it, and look for it when it is told of its end.
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "getRequest" -> request;
                    case "getResponse" -> response;
                    case "addListener" -> {
                        arguments[0] = new Listening((AsyncListener) arguments[0], started, (AsyncContext) proxy);
                        yield call(started, method, arguments);
                    }
                    case "complete", "dispatch" -> {
                        live.leave(method.getName().equals("dispatch"), () -> call(started, method, arguments));
                        yield null;
                    }
                    default -> call(started, method, arguments);
                });
        live.started(started, shown);
        return shown;
    }

    /** A listener of the application, which is told of what it knows. */
    private record Listening(AsyncListener to, AsyncContext started, AsyncContext shown) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            to.onComplete(known(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            to.onTimeout(known(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            to.onError(known(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            to.onStartAsync(known(event));
        }

        // Not what has begun anew: the application has not seen that.
        private AsyncEvent known(AsyncEvent event) {
            return event.getAsyncContext() == started
                    ? new AsyncEvent(
                            shown, event.getSuppliedRequest(), event.getSuppliedResponse(), event.getThrowable())
                    : event;
        }
    }

    @CanIgnoreReturnValue
    private static @Nullable Object call(AsyncContext context, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(context, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
