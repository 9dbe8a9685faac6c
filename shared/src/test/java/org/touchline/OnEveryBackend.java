package org.touchline;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A test class with a {@link Backend} as its constructor's parameter: run once on each. {@code -Dgroups=localstack} takes all such. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("localstack")
@ParameterizedClass(name = "{0}")
@EnumSource(Backend.class)
public @interface OnEveryBackend {}
