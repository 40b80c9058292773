package io.surveygateway.lint;

import net.thisptr.jackson.jq.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.springframework.beans.BeanUtils;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/**
 * The lint without a gateway: for tests, and for a terminal. Knows no beans, so that it says
 * nothing of those that a route names.
 */
public final class OutsideLint implements AutoCloseable {

  private final CamelContext camel = new DefaultCamelContext();

  /**
   * @param settings what {@code {{…}}} in the routes stands for: {@code application.yaml}
   */
  public OutsideLint(PropertyResolver settings) {
    camel.disableJMX();
    camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
    bindJqFunctions();
    camel.getPropertiesComponent().addPropertiesSource(new Settings(settings));
    camel.build();
  }

  public RoutesLint lint() {
    return new RoutesLint(camel, name -> true, LintConfiguration.OWN_ENDPOINTS);
  }

  /** The project's own functions of jq, which Spring would find. */
  private void bindJqFunctions() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AssignableTypeFilter(Function.class));
    for (var found : scanner.findCandidateComponents("io.surveygateway")) {
      var type =
          ClassUtils.resolveClassName(
              String.valueOf(found.getBeanClassName()), getClass().getClassLoader());
      var name = type.getAnnotation(Component.class);
      if (name != null) {
        camel.getRegistry().bind(name.value(), BeanUtils.instantiateClass(type));
      }
    }
  }

  @Override
  public void close() {
    camel.stop();
  }

  private record Settings(PropertyResolver settings) implements PropertiesSource {

    @Override
    public String getName() {
      return "application.yaml";
    }

    @Override
    public String getProperty(String name) {
      return settings.getProperty(name);
    }
  }
}
