package io.surveygateway.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of an operation under {@code /api} what {@link ApiDescription} cannot see in its method.
 *
 * <p>What it says is tried against the operation itself by {@code ApiDescriptionTest}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Described {

  /** What it does, in a line without a full stop. */
  String value();

  /** What one should know before one calls it. */
  String more() default "";

  /** Parameters of the query, by their names in {@link ApiParameters}. */
  String[] query() default {};

  /** What a body in JSON is read as; its members are described by it. */
  Class<?> body() default Void.class;

  /** Whether a body may be left out. */
  boolean isBodyOptional() default false;

  /** A body that is taken as it is read. */
  String example() default "";

  /** What is answered, where the method does not say so by its type. */
  Class<?> answer() default Void.class;

  int success() default 200;

  /** Statuses of errors beyond those that every operation of its kind may answer with. */
  int[] errors() default {};
}
