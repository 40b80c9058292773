package io.surveygateway.reload;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/**
 * The beans of the gateway for routes that are built and never run: without those that learn of
 * routes, of which it has its own, and without Camel's components, which belong to the routes that
 * run.
 */
final class DryRegistry implements BeanRepository {

  private final BeanRepository live;
  private final Map<String, Object> own;

  /**
   * @param own beans by name; none of their types is taken from the others
   */
  DryRegistry(BeanRepository live, Map<String, Object> own) {
    this.live = live;
    this.own = own;
  }

  private boolean isHidden(@Nullable Object bean) {
    return bean instanceof Component
        || (bean != null
            && own.values().stream().anyMatch(ours -> ours.getClass() == bean.getClass()));
  }

  @Override
  public @Nullable Object lookupByName(String name) {
    return lookupByNameAndType(name, Object.class);
  }

  @Override
  public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
    var ours = own.get(name);
    if (ours != null) {
      return type.isInstance(ours) ? type.cast(ours) : null;
    }
    var found = live.lookupByNameAndType(name, type);
    return isHidden(found) ? null : found;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    var found = new LinkedHashMap<String, T>(live.findByTypeWithName(type));
    found.values().removeIf(this::isHidden);
    own.forEach(
        (name, ours) -> {
          if (type.isInstance(ours)) {
            found.put(name, type.cast(ours));
          }
        });
    return found;
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return new LinkedHashSet<>(findByTypeWithName(type).values());
  }

  @Override
  public <T> @Nullable T findSingleByType(Class<T> type) {
    var ours = own.values().stream().filter(type::isInstance).toList();
    if (!ours.isEmpty()) {
      return ours.size() == 1 ? type.cast(ours.get(0)) : null;
    }
    var found = live.findSingleByType(type);
    return isHidden(found) ? null : found;
  }
}
