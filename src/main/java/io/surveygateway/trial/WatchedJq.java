package io.surveygateway.trial;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.ThisObject;
import net.thisptr.jackson.jq.internal.tree.VariableAccess;
import net.thisptr.jackson.jq.internal.tree.literal.ValueLiteral;
import net.thisptr.jackson.jq.path.Path;
import org.apache.camel.Expression;
import org.apache.camel.language.jq.JqExpression;
import org.apache.camel.language.jq.JqLanguage;
import org.jspecify.annotations.Nullable;

/**
 * Camel's jq, with a watch that is asked at each step of a program: a program that loops, or that
 * makes without end, ends.
 *
 * <p>jackson-jq has no limit and hears no interrupt. So each node of a program that was read is put
 * behind one that asks first, by reflection: it offers no other way in. What the watch cannot see
 * is one single call that is long by itself, such as a pattern that backtracks.
 */
final class WatchedJq extends JqLanguage {

  private static final String JQ = "net.thisptr.jackson.jq.";

  private final Runnable watch;

  /**
   * @param watch throws what ends the program
   */
  WatchedJq(Runnable watch) {
    this.watch = watch;
  }

  @Override
  public Expression createExpression(
      @Nullable Expression source, String expression, Object @Nullable [] properties) {
    var made = super.createExpression(source, expression, properties);
    if (made instanceof JqExpression jq) {
      try {
        new Guard(watch).guardIn(field(JqExpression.class, "query").get(jq));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Expected jackson-jq to be as it was at 1.6.0", e);
      }
    }
    return made;
  }

  private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
    var field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** Walks one program. */
  private static final class Guard {

    private final Runnable watch;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Guard(Runnable watch) {
      this.watch = watch;
    }

    /** Guards what this holds. */
    private void guardIn(@Nullable Object node) throws ReflectiveOperationException {
      if (node == null || !isOfJq(node.getClass()) || !seen.add(node)) {
        return;
      }
      for (Class<?> type = node.getClass(); isOfJq(type); type = type.getSuperclass()) {
        for (var field : type.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
            field.setAccessible(true);
            var value = field.get(node);
            var guarded = guarded(value);
            if (guarded != value) {
              field.set(node, guarded);
            }
          }
        }
      }
    }

    private @Nullable Object guarded(@Nullable Object value) throws ReflectiveOperationException {
      if (value instanceof List<?> list) {
        guardItems(list);
        return value;
      }
      // Camel's function constant() reads its argument, and does not run it.
      if (!(value instanceof FunctionCall call && call.toString().startsWith("constant("))) {
        guardIn(value);
      }
      return value instanceof net.thisptr.jackson.jq.Expression expression
              && !(value instanceof ValueLiteral
                  || value instanceof ThisObject
                  || value instanceof VariableAccess
                  || value instanceof Watched)
          ? new Watched(expression, watch)
          : value;
    }

    @SuppressWarnings("unchecked")
    private void guardItems(List<?> list) throws ReflectiveOperationException {
      for (var i = 0; i < list.size(); i++) {
        var item = list.get(i);
        var guarded = guarded(item);
        if (guarded != item) {
          ((List<Object>) list).set(i, guarded);
        }
      }
    }

    private static boolean isOfJq(@Nullable Class<?> type) {
      return type != null && type.getName().startsWith(JQ) && !type.isEnum();
    }
  }

  private record Watched(net.thisptr.jackson.jq.Expression node, Runnable watch)
      implements net.thisptr.jackson.jq.Expression {

    @Override
    public void apply(
        Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
        throws JsonQueryException {
      watch.run();
      node.apply(
          scope,
          in,
          path,
          (out, outPath) -> {
            watch.run();
            output.emit(out, outPath);
          },
          requirePath);
    }

    @Override
    public String toString() {
      return node.toString();
    }
  }
}
