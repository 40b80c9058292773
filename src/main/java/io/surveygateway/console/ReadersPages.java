package io.surveygateway.console;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.thymeleaf.context.ITemplateContext;
import org.thymeleaf.dialect.AbstractProcessorDialect;
import org.thymeleaf.model.ICloseElementTag;
import org.thymeleaf.model.IModel;
import org.thymeleaf.model.IOpenElementTag;
import org.thymeleaf.model.IProcessableElementTag;
import org.thymeleaf.processor.IProcessor;
import org.thymeleaf.processor.element.AbstractElementModelProcessor;
import org.thymeleaf.processor.element.IElementModelStructureHandler;
import org.thymeleaf.templatemode.TemplateMode;

/**
 * Leaves out of every page, for those who may read alone, what a form that changes something is
 * filled in and sent by. What else stands in such a form, a list say, stays.
 *
 * <p>Done here and not in each template, so that none can forget it. What is sent all the same is
 * refused by {@link ConsoleSecurity}.
 */
@Component
final class ReadersPages extends AbstractProcessorDialect {

  /** Variable of every page; whoever has none of it, sees as readers do. */
  static final String MAY_OPERATE = "mayOperate";

  /** Before {@code th:each} and all else. */
  private static final int FIRST = 10;

  private static final Set<String> CONTROLS =
      Set.of("button", "input", "select", "textarea", "label");

  ReadersPages() {
    super("Pages for readers", null, FIRST);
  }

  @Override
  public Set<IProcessor> getProcessors(@Nullable String prefix) {
    return Set.of(new Forms());
  }

  private static final class Forms extends AbstractElementModelProcessor {

    Forms() {
      super(TemplateMode.HTML, null, "form", false, null, false, FIRST);
    }

    @Override
    protected void doProcess(
        ITemplateContext page, IModel form, IElementModelStructureHandler structure) {
      if (!Boolean.TRUE.equals(page.getVariable(MAY_OPERATE))
          && form.get(0) instanceof IProcessableElementTag tag
          && changesSomething(tag)) {
        leaveOutControls(form);
      }
    }

    /** By its method; everybody may log in and out. */
    private static boolean changesSomething(IProcessableElementTag form) {
      var action = form.getAttributeValue("th:action");
      return "post".equalsIgnoreCase(form.getAttributeValue("method"))
          && !"@{/login}".equals(action)
          && !"@{/logout}".equals(action);
    }

    private static void leaveOutControls(IModel form) {
      var depth = 0;
      for (var i = 0; i < form.size(); ) {
        var event = form.get(i);
        var isControl =
            event instanceof org.thymeleaf.model.IElementTag tag
                && CONTROLS.contains(tag.getElementCompleteName());
        var isLeftOut = isControl || depth > 0;
        if (isControl && event instanceof IOpenElementTag) {
          depth++;
        } else if (isControl && event instanceof ICloseElementTag) {
          depth--;
        }
        if (isLeftOut) {
          form.remove(i);
        } else {
          i++;
        }
      }
    }
  }
}
