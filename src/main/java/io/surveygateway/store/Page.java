package io.surveygateway.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, newest first.
 *
 * @param items may be few, and even none, while there are more: one page looks at so many rows at
 *     most
 * @param next where the next page goes on, or null where the list ends
 */
public record Page<T>(List<T> items, @Nullable Position next) {}
