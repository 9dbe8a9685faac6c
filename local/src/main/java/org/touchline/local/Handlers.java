package org.touchline.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes handlers as Lambda's Java runtime does, but for one thing: each through its public constructor with one
 * {@code Map<String, String>}, the environment. A function so gets that of its template entry and never the process's; its
 * constructor without arguments, which Lambda uses, is to hand over {@code System.getenv()}.
 */
final class Handlers {
    private static final String METHOD = "::handleRequest";

    private Handlers() {}

    /**
     * Makes one handler.
     *
     * @param handler the template's {@code Handler}: {@code package.Class}, or {@code package.Class::handleRequest}
     * @throws ReflectiveOperationException if there is no such class or constructor; if it threw something, with that inside
     * @throws IllegalArgumentException if the class is no handler
     */
    static RequestStreamHandler make(String handler, Map<String, String> environment)
            throws ReflectiveOperationException {
        var name = handler.endsWith(METHOD) ? handler.substring(0, handler.length() - METHOD.length()) : handler;
        return switch (Class.forName(name).getConstructor(Map.class).newInstance(environment)) {
            case RequestStreamHandler streaming -> streaming;
            case RequestHandler<?, ?> typed -> serialized(typed);
            default -> throw new IllegalArgumentException(name + " is no RequestStreamHandler and no RequestHandler");
        };
    }

    private static <I, O> RequestStreamHandler serialized(RequestHandler<I, O> handler) {
        var types = typeArguments(handler.getClass());
        PojoSerializer<I> events = serializer(types[0]);
        PojoSerializer<O> answers = serializer(types[1]);
        return (InputStream event, OutputStream answer, Context context) ->
                answers.toJson(handler.handleRequest(events.fromJson(event), context), answer);
    }

    /** What stands between the angle brackets of the {@code RequestHandler} that a class, or one above it, implements. */
    private static Type[] typeArguments(Class<?> handler) {
        return Stream.<Class<?>>iterate(handler, Objects::nonNull, Class::getSuperclass)
                .flatMap(type -> Arrays.stream(type.getGenericInterfaces()))
                .filter(type -> type instanceof ParameterizedType of && of.getRawType() == RequestHandler.class)
                .map(type -> ((ParameterizedType) type).getActualTypeArguments())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(handler.getName() + " does not name its event's type"));
    }

    /** Lambda's own serializer of an event class, and Jackson as its runtime sets it up for anything else. */
    @SuppressWarnings("unchecked")
    private static <T> PojoSerializer<T> serializer(Type type) {
        var serializer =
                type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())
                        ? LambdaEventSerializers.serializerFor(event, event.getClassLoader())
                        : JacksonFactory.getInstance().getSerializer(type);
        return (PojoSerializer<T>) serializer;
    }
}
